/**
 * Brings what changed in a folder on somebody's disk into the live project, as small edits: colleagues keep their cursors,
 * and what they did meanwhile is merged. A file whose change does not fit is left alone and said to be in conflict.
 */
import { applyPipelineChange, lineEdits, mergeLines, messagesOf, readPipelineFiles, writeGraph } from '@ensemble/pipeline';
import { documentName, type FolderChange, type FolderOutcome } from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { isProvided, type CardFiles, type Cards } from '../cards/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import { readFolder, cardDocument, type Folder } from './folder-state.ts';
import type { ExportPorts } from './export-project.ts';

type PipelineDocument = Parameters<typeof writeGraph>[0];
type Text = { toJSON(): string; insert(index: number, text: string): void; delete(index: number, length: number): void };

export interface FolderPorts extends Omit<ExportPorts, 'files' | 'readBytes' | 'cards' | 'pipelines'> {
  cards: Pick<Cards, 'cardsOfProject' | 'prepareImport'>;
  cardFiles: Pick<CardFiles, 'move' | 'trash'>;
  pipelines: Pick<Pipelines, 'list' | 'addAll' | 'rename' | 'trash'>;
  editDocument(name: string, actor: string, change: (doc: PipelineDocument) => void): Promise<void>;
  onImported(projectId: string): Promise<void>;
}

interface Situation {
  ports: FolderPorts;
  project: { id: string; name: string };
  actor: string;
}

type Outcome = Omit<FolderOutcome, 'path'>;
const conflict = (message: string): Outcome => ({ outcome: 'conflict', message });
const refused = (message: string): Outcome => ({ outcome: 'refused', message });

/** In the order given, renames first. What one change runs into does not stop the others. */
export async function applyFolderChanges(
  ports: FolderPorts,
  project: { id: string; name: string },
  actor: string,
  changes: readonly FolderChange[],
): Promise<FolderOutcome[]> {
  const situation = { ports, project, actor };
  const outcomes: FolderOutcome[] = [];
  const done = new Set<FolderChange>();
  const layouts = new Map(changes.filter(({ path }) => LAYOUT.test(path)).map((change) => [change.path.replace(LAYOUT, '.json'), change]));
  const ordered = [...changes].sort((a, b) => Number(b.movedFrom !== undefined) - Number(a.movedFrom !== undefined));
  for (const change of ordered) {
    if (done.has(change)) continue;
    const logicPath = change.path.replace(LAYOUT, '.json');
    const pair = [
      change,
      PIPELINE.test(logicPath) ? (layouts.get(logicPath) ?? ordered.find(({ path }) => path === logicPath)) : undefined,
    ];
    const together = [...new Set([ordered.find(({ path }) => path === logicPath) ?? change, ...pair])].filter((one) => one !== undefined);
    for (const one of together) done.add(one);
    const outcome = await applyOne(situation, logicPath, together).catch((error: unknown) => {
      if (error instanceof ApiError && error.status < 500) return refused(error.problems?.[0]?.message ?? error.message);
      throw error;
    });
    outcomes.push(...together.map(({ path }) => ({ path, ...outcome })));
  }
  return outcomes;
}

const PIPELINE = /^pipelines\/[^/]+\.json$/;
const LAYOUT = /\.layout\.json$/;

async function applyOne(situation: Situation, path: string, changes: readonly FolderChange[]): Promise<Outcome> {
  const [change] = changes;
  // Read anew each time: the change before this one may have renamed things.
  const folder = await readFolder(situation.ports, situation.project);
  if (path.startsWith('cards/')) return await changeCard(situation, folder, change!);
  if (PIPELINE.test(path)) return await changePipeline(situation, folder, path, changes);
  return refused(`${path} is written by Ensemble; changes of it are not taken over.`);
}

async function changeCard(situation: Situation, folder: Folder, { path, before, after, movedFrom }: FolderChange): Promise<Outcome> {
  const { ports, project, actor } = situation;
  const from = movedFrom === undefined ? undefined : folder.cards.get(movedFrom);
  if (from && !folder.cards.has(path)) {
    await ports.cardFiles.move(project.id, from.cardId, path);
    return after === null ? { outcome: 'applied' } : await changeText(situation, from.cardId, path, before ?? '', after);
  }
  const card = folder.cards.get(path);
  if (after === null) {
    if (!card) return { outcome: 'applied' };
    if (card.source !== before) return conflict(`${path} was deleted in the folder and changed in the project.`);
    await ports.cardFiles.trash(project.id, [card.cardId]);
    return { outcome: 'applied' };
  }
  if (card) return await changeText(situation, card.cardId, path, before, after);
  if (before !== null) return conflict(`${path} was changed in the folder and deleted in the project.`);
  if (isProvided(path, after)) return refused(`${path} stays in the folder only: Ensemble brings its own.`);
  const prepared = await ports.cards.prepareImport(project.id, [{ path, source: after }]);
  await prepared.write(actor);
  await ports.onImported(project.id);
  return { outcome: 'applied' };
}

/** `before` null: the file is new on both sides. */
async function changeText(
  { ports, actor }: Situation,
  cardId: string,
  path: string,
  before: string | null,
  after: string,
): Promise<Outcome> {
  const wanted = after.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  if (!wanted.isWellFormed() || wanted.includes('\0')) return refused(`${path} holds characters that no program has.`);
  let outcome: Outcome = { outcome: 'applied' };
  await ports.editDocument(cardDocument(cardId), actor, (doc) => {
    const text: Text = doc.getText('source');
    const present = text.toJSON();
    const merged = before === null ? (present === wanted ? wanted : undefined) : mergeLines(before, wanted, present);
    if (merged === undefined) {
      outcome = conflict(`${path} was changed in the same lines in the folder and in the project.`);
      return;
    }
    if (merged !== wanted) outcome = { outcome: 'merged' };
    for (const { index, remove, insert } of lineEdits(present, merged)) {
      if (remove > 0) text.delete(index, remove);
      if (insert !== '') text.insert(index, insert);
    }
  });
  return outcome;
}

async function changePipeline(
  { ports, project, actor }: Situation,
  folder: Folder,
  path: string,
  changes: readonly FolderChange[],
): Promise<Outcome> {
  const layoutPath = path.replace(/\.json$/, '.layout.json');
  const present = new Map(folder.files.map((file) => [file.path, file.text]));
  // Its file has another name now: so has the pipeline.
  const from = changes.find((change) => change.path === path)?.movedFrom ?? path;
  const textsOf = (when: 'before' | 'after'): [string | null, string | undefined] => {
    const of = (file: string, was: string): string | null => {
      const change = changes.find((one) => one.path === file);
      return change ? change[when] : (present.get(was) ?? null);
    };
    return [of(path, from), of(layoutPath, from.replace(/\.json$/, '.layout.json')) ?? undefined];
  };
  const pipeline = folder.pipelines.find(({ file }) => `pipelines/${file}.json` === from);
  const [logic, layout] = textsOf('after');
  if (logic === null) {
    if (!pipeline) {
      if (changes.every(({ after: wanted }) => wanted === null)) return { outcome: 'applied' };
      return conflict(`${layoutPath} was changed in the folder, and its pipeline deleted in the project.`);
    }
    if (changes.some(({ path: file, before: known }) => (present.get(file) ?? null) !== known))
      return conflict(`${path} was deleted in the folder and changed in the project.`);
    await ports.pipelines.trash(pipeline.pipelineId);
    return { outcome: 'applied' };
  }
  const after = readPipelineFiles(logic, layout);
  if (!after) return refused(`${path} is no pipeline file: mend it, and it is taken over then.`);
  const [lost] = messagesOf(after.findings, 'not-understood');
  if (lost !== undefined) return refused(`${path}: ${lost} Mend it, and it is taken over then.`);
  const [logicBefore, layoutBefore] = textsOf('before');
  if (!pipeline) {
    if (logicBefore !== null) return conflict(`${path} was changed in the folder and deleted in the project.`);
    return await addPipeline({ ports, project, actor }, after);
  }
  const before = logicBefore === null ? undefined : readPipelineFiles(logicBefore, layoutBefore);
  if (!before) return conflict(`${path} is new in the folder and, differently, in the project.`);
  let conflicts: string[] = [];
  await ports.editDocument(documentName('pipeline', pipeline.pipelineId), actor, (doc) => {
    ({ conflicts } = applyPipelineChange(doc, before, after, actor));
  });
  if (conflicts.length > 0) return conflict(`${path}: ${conflicts.slice(0, 3).join(' ')}`);
  const name = from === path || after.name !== before.name ? after.name : path.slice('pipelines/'.length, -'.json'.length);
  if (name !== before.name) await ports.pipelines.rename(pipeline.pipelineId, name.slice(0, 120));
  return { outcome: 'applied' };
}

async function addPipeline(
  { ports, project, actor }: Situation,
  pipeline: NonNullable<ReturnType<typeof readPipelineFiles>>,
): Promise<Outcome> {
  const row = { id: newId(), name: pipeline.name.trim().slice(0, 120) || 'Pipeline' };
  await ports.editDocument(documentName('pipeline', row.id), actor, (doc) => {
    const result = writeGraph(doc, pipeline, actor);
    if (!result.ok) throw new ApiError('invalid-pipeline', result.message);
  });
  const nothing = await ports.cards.prepareImport(project.id, []);
  await nothing.write(actor, (sql) => ports.pipelines.addAll(sql, project.id, [row]));
  await ports.onImported(project.id);
  return { outcome: 'applied' };
}

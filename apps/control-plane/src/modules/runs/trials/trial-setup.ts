/** What a trial of a card would run on if nothing else is said, and what else there is to choose from. Starts nothing. */
import { canConnect } from '@ensemble/cards';
import type { CardManifest, JsonObject, Port } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import { readPipeline } from '@ensemble/pipeline';
import type { EdgeEnds, PipelineNode } from '@ensemble/pipeline';
import { documentName } from '@ensemble/protocol';
import type { TrialChoice, TrialPlace, TrialSetup, TrialSummary } from '@ensemble/protocol';
import { notFound } from '../../../platform/api-error.ts';
import type { Sql } from '../../../platform/database/database.ts';
import type { Artifacts, Authorize } from '../ports.ts';
import type { PipelineSources, ProjectCard } from '../read-pipeline.ts';
import { EarlierResults } from '../resolve-pins.ts';
import { trialSummary } from './trial-entry.ts';
import { lastExecution, recentOutputs, trialsOfCard } from './trial-queries.ts';
import type { Execution, StoredOutput } from './trial-queries.ts';

export interface TrialSetupPorts {
  sources: PipelineSources;
  sql: Sql;
  artifacts: Pick<Artifacts, 'size'>;
  authorize: Authorize;
  /** Undefined when there is no such pipeline. */
  projectOf(pipelineId: string): Promise<string | undefined>;
}

const MAX_CHOICES = 60;
/** A node of a card that has never run is looked for in so many pipelines. */
const PIPELINES_LOOKED_AT = 20;

export async function getTrialSetup(
  ports: TrialSetupPorts,
  actor: Actor,
  projectId: string,
  cardId: string,
  place: TrialPlace | undefined,
): Promise<TrialSetup> {
  await ports.authorize(actor, 'run.read', projectId);
  const { cardType, card } = await cardOf(ports, projectId, cardId);
  return suggestTrial(ports, projectId, { cardId, cardType, manifest: card.manifest }, place);
}

export async function listTrials(
  ports: Pick<TrialSetupPorts, 'sql' | 'authorize'>,
  actor: Actor,
  projectId: string,
  cardId: string,
): Promise<TrialSummary[]> {
  await ports.authorize(actor, 'run.read', projectId);
  return (await trialsOfCard(ports.sql, projectId, cardId)).map(trialSummary);
}

export async function cardOf(
  { sources }: Pick<TrialSetupPorts, 'sources'>,
  projectId: string,
  cardId: string,
): Promise<{ cardType: string; card: ProjectCard; cards: ReadonlyMap<string, ProjectCard> }> {
  const cards = await sources.cardsOf(projectId);
  for (const [cardType, card] of cards) if (card.cardId === cardId) return { cardType, card, cards };
  throw notFound('card');
}

interface Tried {
  cardId: string;
  cardType: string;
  manifest: CardManifest | undefined;
}

export async function suggestTrial(
  ports: Omit<TrialSetupPorts, 'authorize'>,
  projectId: string,
  { cardId, cardType, manifest }: Tried,
  place: TrialPlace | undefined,
): Promise<TrialSetup & { title: string | undefined }> {
  const wanted = manifest?.inputs ?? [];
  const [last, outputs, drawn] = await Promise.all([
    lastExecution(ports.sql, projectId, { cardId, cardType }, place),
    wanted.length === 0 ? [] : recentOutputs(ports.sql, projectId),
    place && drawnNode(ports, projectId, place, cardType),
  ]);
  // The node is gone, or of another card by now: the card itself is what is looked at.
  if (place && !last && !drawn) return suggestTrial(ports, projectId, { cardId, cardType, manifest }, undefined);
  const taken = last ? await inputsOf(ports, projectId, last) : new Map<string, TrialChoice>();
  const fits = (choice: TrialChoice | undefined, port: Port) => choice !== undefined && canConnect(choice.type, port.type).ok;
  let wired = drawn;
  if (!wired && (!last || wanted.some((port) => !fits(taken.get(port.name), port)))) wired = await anyDrawnNode(ports, projectId, cardType);
  const inputs = wanted.map((port) => {
    const choices = outputs
      .filter(({ type }) => canConnect(type, port.type).ok)
      .slice(0, MAX_CHOICES)
      .map(choiceOf);
    const before = taken.get(port.name);
    const chosen = fits(before, port) ? before : wired && newestAlong(wired, port, outputs);
    return { name: port.name, type: port.type, chosen: chosen ?? null, choices };
  });
  const node = drawn?.node;
  return {
    inputs,
    ...configOf(manifest, node ?? (last ? undefined : wired?.node), last),
    nodeId: place?.nodeId ?? last?.nodeId ?? wired?.node.id ?? cardType,
    title: node?.title || last?.title,
  };
}

function configOf(
  manifest: CardManifest | undefined,
  node: PipelineNode | undefined,
  last: Execution | undefined,
): Pick<TrialSetup, 'config' | 'configFrom' | 'configTitle'> {
  if (node)
    return { config: known(manifest, node.config), configFrom: 'node', configTitle: node.title || (manifest?.displayName ?? node.card) };
  if (!last) return { config: {}, configFrom: 'defaults', configTitle: '' };
  const config = known(manifest, last.config);
  if (last.pipelineName === null) return { config, configFrom: 'trial', configTitle: `trial ${last.runNumber}` };
  return { config, configFrom: 'run', configTitle: `${last.title}, run ${last.runNumber}` };
}

/** The card may have lost fields since. */
function known(manifest: CardManifest | undefined, config: JsonObject): JsonObject {
  const names = new Set(manifest?.configFields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(config).filter(([name]) => names.has(name)));
}

/** What the inputs of an earlier step were, as far as it is still stored. */
async function inputsOf(ports: Omit<TrialSetupPorts, 'authorize'>, projectId: string, last: Execution): Promise<Map<string, TrialChoice>> {
  const earlier = new EarlierResults(ports, projectId);
  const run = await earlier.load(last.runId);
  const inputs = new Map<string, TrialChoice>();
  if (!run) return inputs;
  const { graph, pinned = {} } = run.loaded.version;
  const edges = graph.edges.filter(({ target }) => target === last.nodeId);
  for (const { source, sourcePort: key, targetPort } of edges) {
    const nodeId = pinned[source]?.nodeId ?? source;
    const result = await earlier.resultOf(nodeId, pinned[source]?.runId ?? last.runId, [], false);
    const output = typeof result === 'string' ? undefined : result.outputs.find((candidate) => candidate.declared && candidate.key === key);
    if (typeof result === 'string' || !output) continue;
    const title = graph.nodes.find(({ id }) => id === source)?.title ?? source;
    const { runId, runNumber } = result;
    const createdAt = last.createdAt.getTime();
    inputs.set(targetPort, {
      runId,
      runNumber,
      nodeId,
      key,
      title,
      pipelineName: last.pipelineName,
      type: output.type,
      bytes: output.bytes,
      createdAt,
    });
  }
  return inputs;
}

interface DrawnNode {
  pipelineId: string;
  node: PipelineNode;
  incoming: EdgeEnds[];
}

/** The node as it is drawn now; undefined when it is none of this card, or of another project. */
async function drawnNode(
  { sources, projectOf }: Pick<TrialSetupPorts, 'sources' | 'projectOf'>,
  projectId: string,
  { pipelineId, nodeId }: TrialPlace,
  cardType: string,
): Promise<DrawnNode | undefined> {
  if ((await projectOf(pipelineId)) !== projectId) return undefined;
  const { nodes, edges } = await sources.readDocument(documentName('pipeline', pipelineId), (doc) => readPipeline(doc));
  const node = nodes.get(nodeId);
  if (node?.card !== cardType) return undefined;
  return { pipelineId, node, incoming: [...edges.values()].filter(({ target }) => target === nodeId) };
}

async function anyDrawnNode(
  { sources, sql }: Pick<TrialSetupPorts, 'sources' | 'sql'>,
  projectId: string,
  cardType: string,
): Promise<DrawnNode | undefined> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM pipeline WHERE project_id = $1 AND trashed_at IS NULL ORDER BY created_at DESC LIMIT ${PIPELINES_LOOKED_AT}`,
    [projectId],
  );
  for (const { id } of rows) {
    const { nodes, edges } = await sources.readDocument(documentName('pipeline', id), (doc) => readPipeline(doc));
    for (const node of nodes.values())
      if (node.card === cardType) return { pipelineId: id, node, incoming: [...edges.values()].filter(({ target }) => target === node.id) };
  }
  return undefined;
}

/** What now flows into the port, as the newest run made it. */
function newestAlong({ pipelineId, incoming }: DrawnNode, port: Port, outputs: readonly StoredOutput[]): TrialChoice | undefined {
  const edge = incoming.find(({ targetPort }) => targetPort === port.name);
  const made =
    edge && outputs.find((output) => output.pipelineId === pipelineId && output.nodeId === edge.source && output.key === edge.sourcePort);
  return made && canConnect(made.type, port.type).ok ? choiceOf(made) : undefined;
}

function choiceOf({ runId, runNumber, pipelineName, nodeId, key, type, bytes, title, createdAt }: StoredOutput): TrialChoice {
  return { runId, runNumber, pipelineName, nodeId, key, type, bytes, title, createdAt: createdAt.getTime() };
}

/**
 * A pipeline as one Python script that reproduces its run without Ensemble: the plan, the sources of the cards and of what they
 * use of the SDK, and `runner/python/ensemble_script/run_script.py`, which is the same code for all. Runs nothing itself.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@ensemble/cards';
import { pinVersion, projectContent, readPipeline, topologyOf } from '@ensemble/pipeline';
import type { ProjectedGraph } from '@ensemble/pipeline';
import { documentName } from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import type { Cards } from '../cards/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { ExportPorts } from './export-project.ts';

export interface ScriptPorts extends Pick<ExportPorts, 'readDocument'> {
  pipelines: Pick<Pipelines, 'read'>;
  cards: Pick<Cards, 'cardsOfProject'>;
  /** `runner/python` */
  sdkDirectory: string;
}

/** Of the harness: what decides about outputs, seeds and previews. */
const HARNESS = ['__init__', 'error_report', 'network_hint', 'outputs', 'preview', 'result_file', 'seeding'];

/** Throws `invalid-pipeline` with every problem that keeps the pipeline from running. */
export async function exportScript(ports: ScriptPorts, pipelineId: string): Promise<{ name: string; text: string }> {
  const { projectId, name } = await ports.pipelines.read(pipelineId);
  const cards = await ports.cards.cardsOfProject(projectId);
  const content = await ports.readDocument(documentName('pipeline', pipelineId), (doc) => readPipeline(doc));
  const graph = projectContent(content, cards);
  requireRunnable(graph);
  const version = pinVersion(graph, cards);
  const order = topologyOf(
    version.nodes.map(({ id }) => id),
    version.edges,
  ).order;
  const nodes = new Map(version.nodes.map((node) => [node.id, node]));
  const steps = order.map((id): JsonObject => {
    const node = nodes.get(id)!;
    const card = cards.get(node.card)!;
    const incoming = version.edges.filter(({ target }) => target === id);
    return {
      node: id,
      title: node.title,
      card: node.card,
      folder: refFolderOf(id),
      module: card.path.replace(/\.py$/, '').replaceAll('/', '.'),
      class: card.manifest!.className,
      outputs: Object.fromEntries(card.manifest!.outputs.map((port) => [port.name, port.type])),
      inputs: Object.fromEntries(incoming.map((edge) => [edge.targetPort, { node: edge.source, output: edge.sourcePort }])),
      config: node.config,
      seed: seedOf(id),
    };
  });
  const used = new Set(version.nodes.map((node) => node.card));
  const files = [...cards].filter(([type, card]) => !card.builtIn || used.has(type)).map(([, card]) => card);
  const sources = new Map<string, string>([
    ['cards/__init__.py', ''],
    ...sdkSources(
      ports.sdkDirectory,
      files.map(({ source }) => source),
    ),
  ]);
  for (const { path: file, source } of files) sources.set(file, source);
  const requirements = [...baseRequirements(ports.sdkDirectory), ...new Set(files.flatMap(({ manifest }) => manifest?.requirements ?? []))];
  const plan: JsonObject = { title: graph.title || name, pipelineId, notes: notesOn(graph), steps };
  const driver = readFileSync(path.join(ports.sdkDirectory, 'ensemble_script/run_script.py'), 'utf8');
  return { name, text: scriptText(graph.title || name, requirements, plan, sources, driver) };
}

function requireRunnable(graph: ProjectedGraph): void {
  // Secrets come from the environment, and a pinned result is computed again.
  const wrong = graph.problems.filter(({ severity, code }) => severity === 'error' && code !== 'config/secret-unavailable');
  if (graph.nodes.length === 0)
    throw new ApiError('invalid-pipeline', 'This pipeline has no nodes, so there is nothing to export as a script.');
  if (wrong.length === 0) return;
  const problems = wrong.map(({ code, message, nodeId, field, port }) => ({
    code,
    message,
    ...(nodeId !== undefined && { nodeId }),
    ...(field !== undefined && { field }),
    ...(port !== undefined && { port }),
  }));
  throw new ApiError('invalid-pipeline', `A script can be made once the pipeline can run: ${problems[0]!.message}`, problems);
}

function notesOn({ nodes }: ProjectedGraph): string[] {
  const label = ({ title, manifest, card }: ProjectedGraph['nodes'][number]): string => title || manifest?.displayName || card;
  return [
    ...nodes.filter(({ bypassed }) => bypassed).map((node) => `${label(node)} is bypassed and does not run.`),
    ...nodes
      .filter(({ bypassed, pin }) => pin && !bypassed)
      .map((node) => `${label(node)} is pinned to an earlier result in Ensemble. Results are not exported: it is computed again here.`),
  ];
}

/** As a run gives it to the node: see `build-step-spec.ts` of the runs; a system test compares what comes out. */
const seedOf = (nodeId: string): number => createHash('sha256').update(nodeId).digest().readUInt32BE(0) >>> 1;

/** As in the runner: the node's id where it is a plain word, else a word made from it. */
const refFolderOf = (nodeId: string): string =>
  /^[A-Za-z0-9_-]{1,64}$/.test(nodeId) ? nodeId : `n-${createHash('sha256').update(nodeId).digest('hex').slice(0, 16)}`;

/** The modules of the SDK that these sources import, directly or through each other. */
function sdkSources(sdkDirectory: string, sources: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const open = [...sources];
  const take = (file: string): void => {
    if (found.has(file)) return;
    let source: string;
    try {
      source = readFileSync(path.join(sdkDirectory, file), 'utf8');
    } catch {
      return;
    }
    found.set(file, source);
    open.push(source);
  };
  for (const module of HARNESS) take(`ensemble_harness/${module}.py`);
  for (const file of ['ensemble/__init__.py', 'ensemble/storage.py', 'ensemble/reporting.py', 'ensemble/wire_json.py', 'cards/base.py'])
    take(file);
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    for (const [, module] of source.matchAll(/^\s*(?:from|import)\s+ensemble\.(\w+)/gm)) take(`ensemble/${module}.py`);
    for (const [, names] of source.matchAll(/^\s*from\s+ensemble\s+import\s+\(?([\w\s,]+)/gm))
      for (const name of names!.split(/[\s,]+/)) if (/^[a-z_]\w*$/.test(name)) take(`ensemble/${name}.py`);
  }
  return found;
}

/** The direct requirements of every card, in the versions that runs here have. */
function baseRequirements(sdkDirectory: string): string[] {
  const read = (name: string): string[] => readFileSync(path.join(sdkDirectory, name), 'utf8').split('\n');
  const direct = new Set(read('requirements.in').flatMap((line) => /^[A-Za-z0-9][\w.-]*/.exec(line)?.[0].toLowerCase() ?? []));
  return read('requirements.lock').flatMap((line) => {
    const [, pin, name] = /^(([A-Za-z0-9][\w.-]*)==[^\s;\\]+)/.exec(line) ?? [];
    return pin !== undefined && name !== undefined && direct.has(name.toLowerCase()) ? [pin] : [];
  });
}

function scriptText(
  title: string,
  requirements: readonly string[],
  plan: JsonObject,
  sources: ReadonlyMap<string, string>,
  driver: string,
): string {
  const shown = title.replaceAll(/[^\x20-\x7e]|["\\]/g, ' ');
  const steps = (plan.steps as JsonObject[]).map((step) => `        ${pythonText(JSON.stringify(step))},`);
  return [
    '# /// script',
    '# requires-python = ">=3.11"',
    '# dependencies = [',
    ...requirements.map((requirement) => `#     ${JSON.stringify(requirement)},`),
    '# ]',
    '# ///',
    `"""The pipeline "${shown}" as one script, exported from Ensemble: python3 script.py [--out DIR] [--file NODE.FIELD=PATH]."""`,
    '',
    'import json',
    '',
    '# What runs, in this order: card, configuration, inputs by node and output, and the seed each step had in Ensemble.',
    'PLAN = {',
    `    "title": ${pythonText(title)},`,
    `    "pipelineId": ${pythonText(plan.pipelineId as string)},`,
    `    "notes": [${(plan.notes as string[]).map(pythonText).join(', ')}],`,
    '    "steps": [json.loads(step) for step in (',
    ...steps,
    '    )],',
    '}',
    '',
    '# Every file that a step may import.',
    'SOURCES = {}',
    ...[...sources]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([file, source]) => [`SOURCES[${pythonText(file)}] = ${pythonSource(source)}`, '']),
    driver,
  ].join('\n');
}

/** A Python literal in ASCII. */
const pythonText = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u{7f}-\u{10ffff}]/gu, (character) => `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`);

/** As people wrote it where that is the same text again. */
function pythonSource(source: string): string {
  if (source === '') return '""';
  const plain =
    !source.includes("'''") && !source.endsWith("'") && !source.endsWith('\\') && !/[\0\r\f\v]/.test(source) && source.isWellFormed();
  return plain ? `r'''${source}'''` : pythonText(source);
}

/**
 * Runs one card with the present source of the project's card files, on what earlier runs left, or says everything that keeps
 * it from running. The run itself is like any other.
 */
import { canConnect } from '@ensemble/cards';
import type { Port } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import type { StartTrialBody, TrialInput, TrialSummary } from '@ensemble/protocol';
import type { Problem } from '../../../platform/api-error.ts';
import { ApiError } from '../../../platform/api-error.ts';
import { beginRun } from '../begin-run.ts';
import { unknownFiles } from '../check-files.ts';
import { readContent } from '../read-pipeline.ts';
import { EarlierResults } from '../resolve-pins.ts';
import { manifestOf } from '../run-version.ts';
import type { RunVersion } from '../run-version.ts';
import type { StartRunPorts } from '../start-run.ts';
import { tellOfEnvironments, tellRunners } from '../warm-up.ts';
import { trialPipelineId, trialSummary } from './trial-entry.ts';
import { trialPipeline } from './trial-pipeline.ts';
import type { TrialSource } from './trial-pipeline.ts';
import { cardOf, suggestTrial } from './trial-setup.ts';

/** Rejects with ApiError: not-found, forbidden, or invalid-trial with every problem. */
export async function startTrial(
  ports: StartRunPorts,
  actor: Actor,
  projectId: string,
  cardId: string,
  { place, inputs, config, nodeId: named = place?.nodeId }: StartTrialBody,
): Promise<TrialSummary> {
  await ports.authorize(actor, 'run.start', projectId);
  const { cardType, card, cards } = await cardOf(ports, projectId, cardId);
  const { manifest } = card;
  if (!manifest) throw refusal(neverValid(card.diagnostics ?? []));
  if (manifest.requirements.length === 0) tellRunners(ports.bus, actor, projectId);
  else tellOfEnvironments(ports.bus, actor, projectId, [manifest]);
  const given = new Map(Object.entries(inputs));
  const complete = config !== undefined && named !== undefined && manifest.inputs.every(({ name }) => given.has(name));
  const setup = complete ? undefined : await suggestTrial(ports, projectId, { cardId, cardType, manifest }, place);
  for (const { name, chosen } of setup?.inputs ?? []) if (chosen && !given.has(name)) given.set(name, chosen);

  const found = await findSources(new EarlierResults(ports, projectId), manifest.inputs, given);
  const nodeId = named ?? setup?.nodeId ?? cardType;
  const tried = { cardType, nodeId, title: setup?.title ?? manifest.displayName, config: config ?? setup?.config ?? {} };
  const { content, cards: known, pinned } = trialPipeline(tried, found.sources, cards);
  const reading = readContent(trialPipelineId(projectId, cardId), content, known, cards);
  const version: RunVersion = {
    ...reading.version,
    pinned,
    trial: { cardId, nodeId },
    files: withEarlierFiles(reading.version.files, found.files),
  };
  const problems = [
    ...found.problems,
    ...reading.problems.flatMap((problem) => explained(problem, manifest.inputs, given)),
    ...(await unknownFiles(ports.sql, projectId, version, reading.idle)),
  ];
  if (problems.length > 0) throw refusal(problems);
  return trialSummary(await beginRun(ports, actor, projectId, { ...reading, version }));
}

interface Found {
  sources: TrialSource[];
  /** Card files that were there when the inputs were made. */
  files: RunVersion['files'];
  problems: Problem[];
}

async function findSources(earlier: EarlierResults, ports: readonly Port[], given: ReadonlyMap<string, TrialInput>): Promise<Found> {
  const found: Found = { sources: [], files: [], problems: [] };
  for (const port of ports) {
    const input = given.get(port.name);
    if (!input) continue;
    const { runId, nodeId, key } = input;
    const result = await earlier.resultOf(nodeId, runId, [], true);
    const unusable = (why: string): void => {
      const message = `What was chosen for the input “${port.name}” ${why} Choose another.`;
      found.problems.push({ code: 'input/unavailable', message, port: port.name });
    };
    if (typeof result === 'string') {
      unusable(result);
      continue;
    }
    const output = result.outputs.find((candidate) => candidate.declared && candidate.key === key);
    const fits = output && canConnect(output.type, port.type);
    if (!output) unusable(`is no output of that step.`);
    else if (fits?.ok === false) unusable(`gives ${output.type}, and the input takes ${port.type}.`);
    else {
      const { version } = (await earlier.load(result.runId))!.loaded;
      const node = version.graph.nodes.find(({ id }) => id === nodeId)!;
      found.sources.push({ port: port.name, key, nodeId, title: node.title, card: cardThen(version, node.card), result });
      found.files.push(...version.files);
    }
  }
  return found;
}

const cardThen = (version: RunVersion, card: string): TrialSource['card'] => ({
  ...version.graph.cards[card]!,
  manifest: manifestOf(version, card),
});

/** Something stored may be an object of a class that the project has no file for any more. The present source of a path goes first. */
function withEarlierFiles(present: RunVersion['files'], earlier: RunVersion['files']): RunVersion['files'] {
  const files = new Map([...earlier, ...present].map((file) => [file.path, file]));
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A trial has no canvas on which a connection could be drawn. */
function explained(problem: Problem, ports: readonly Port[], given: ReadonlyMap<string, TrialInput>): Problem[] {
  if (problem.code !== 'input/missing') return [problem];
  const port = ports.find(({ name }) => name === problem.port);
  if (!port || given.has(port.name)) return [];
  const message = `The input “${port.name}” has nothing to run on yet. Run a pipeline in which something gives it a ${port.type}, or choose a stored output.`;
  return [{ code: 'input/missing', message, port: port.name }];
}

function neverValid(diagnostics: readonly { severity: string; line: number; message: string }[]): Problem[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ line, message }) => ({ code: 'card/errors', message: `The card has errors: line ${line}: ${message}` }));
}

function refusal(problems: readonly Problem[]): ApiError {
  const [first] = problems;
  const more = problems.length === 1 ? '' : ` There are ${problems.length} problems in all.`;
  return new ApiError('invalid-trial', `${first?.message ?? 'This card cannot run as it is.'}${more}`, [...problems]);
}

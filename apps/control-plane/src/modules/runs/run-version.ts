/**
 * What a run executes while people edit on: the pinned graph, the manifests of its cards, and every card file.
 * Ignores where it is stored.
 */
import { createHash } from 'node:crypto';
import type { CardManifest } from '@ensemble/cards';
import { canonicalJson } from '@ensemble/cards';
import { pinnedLineages } from '@ensemble/pipeline';
import type { CacheSetting, PinnedVersion } from '@ensemble/pipeline';
import type { Need } from '@ensemble/protocol';
import type { PinnedResult, RunPlan } from './run-model.ts';
import { planOf } from './run-model.ts';
import { isForced } from './run-options.ts';
import type { RunOptions } from './run-options.ts';

/** Plain JSON; the content of a `pipeline_version` row. */
export interface RunVersion {
  format: 1;
  pipelineId: string;
  graph: PinnedVersion;
  /** Of the cards that nodes use, by card type. */
  manifests: Record<string, CardManifest>;
  /** Every card file that a step may import, in order of path: all of the project, built-in ones where used. */
  files: { path: string; sha256: string }[];
  /** By card type: hash of its code and of all that it may import; see `ProjectCode`. */
  code?: Record<string, string>;
  /** By node id; absent where nothing is pinned. */
  pinned?: Record<string, PinnedResult>;
  /** Set in trials: the card that is tried, and its node. All other nodes are pinned. */
  trial?: { cardId: string; nodeId: string };
}

export const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;

/** The content hash that is the version's id. The pipeline is part of it, so versions of two pipelines are never one row. */
export const versionId = (version: RunVersion): string => createHash('sha256').update(canonicalJson(version)).digest('hex');

/** Throws when the version was not pinned whole. */
export function planOfVersion(version: RunVersion, options: RunOptions): RunPlan {
  const upstream = new Map<string, string[]>(version.graph.nodes.map((node) => [node.id, []]));
  for (const edge of version.graph.edges) upstream.get(edge.target)?.push(edge.source);
  return planOf(
    version.graph.nodes.map(({ id, title, card, cache }) => {
      const manifest = manifestOf(version, card);
      const outputs = manifest.outputs.map((port) => port.name);
      const pinned = pinnedIn(version, id);
      const step = { nodeId: id, title, upstream: upstream.get(id)!, need: needOf(manifest), outputs, cardRetries: manifest.retries };
      if (pinned) return { ...step, pinned, why: whyPinned(pinned, options) };
      const why = whyExecuted(version, options, id, manifest, cache);
      return why === undefined ? { ...step, lookUp: true } : { ...step, why };
    }),
  );
}

/** Undefined: as the cache says. */
function whyExecuted(
  version: RunVersion,
  options: RunOptions,
  nodeId: string,
  manifest: CardManifest,
  cache: CacheSetting | undefined,
): string | undefined {
  if (version.trial) return 'Runs, because it was tried by itself.';
  if (isForced(options, nodeId)) return 'Runs, because it was asked for whatever the cache holds.';
  if (cache && 'off' in cache) return 'Runs, because the cache is off for this node.';
  return manifest.cache ? undefined : 'Runs, because its card says cache = False.';
}

function whyPinned({ runNumber, kept }: PinnedResult, { resumes }: RunOptions): string {
  if (!kept) return `Not executed: the result of run ${runNumber} is pinned.`;
  return resumes ? `Taken from run ${runNumber}, which this run resumes.` : `Taken from run ${runNumber}: only a part was run.`;
}

/** The same node gets the same seed in every run, so that a run can be repeated. 31 bits. */
export const seedOf = (nodeId: string): number => createHash('sha256').update(nodeId).digest().readUInt32BE(0) >>> 1;

export const pinnedIn = ({ pinned }: Pick<RunVersion, 'pinned'>, nodeId: string): PinnedResult | undefined =>
  pinned && Object.hasOwn(pinned, nodeId) ? pinned[nodeId] : undefined;

/** What decided the result of each node: see `pinnedLineages`. */
export const lineageOf = (version: RunVersion): Map<string, string> =>
  pinnedLineages(version.graph, new Map(Object.entries(version.pinned ?? {}).map(([nodeId, { lineage }]) => [nodeId, lineage])));

export function manifestOf(version: RunVersion, card: string): CardManifest {
  const manifest = Object.hasOwn(version.manifests, card) ? version.manifests[card] : undefined;
  if (!manifest) throw new Error(`The pinned version of pipeline ${version.pipelineId} lacks the manifest of the card “${card}”.`);
  return manifest;
}

function needOf({ resources }: CardManifest): Need {
  const { gpu, cpu, memoryBytes } = resources;
  return {
    pool: gpu > 0 ? 'gpu' : 'cpu',
    gpus: gpu,
    ...(cpu === undefined ? {} : { cpus: cpu }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

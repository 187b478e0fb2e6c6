/**
 * What a run executes while people edit on: the pinned graph, the manifests of its cards, and every card file.
 * Ignores where it is stored.
 */
import { createHash } from 'node:crypto';
import type { CardManifest } from '@ensemble/cards';
import { canonicalJson } from '@ensemble/cards';
import { pinnedLineages } from '@ensemble/pipeline';
import type { PinnedVersion } from '@ensemble/pipeline';
import type { Need } from '@ensemble/protocol';
import type { PinnedResult, RunPlan } from './run-model.ts';
import { planOf } from './run-model.ts';

/** Plain JSON; the content of a `pipeline_version` row. */
export interface RunVersion {
  format: 1;
  pipelineId: string;
  graph: PinnedVersion;
  /** Of the cards that nodes use, by card type. */
  manifests: Record<string, CardManifest>;
  /** Every card file that a step may import, in order of path: all of the project, built-in ones where used. */
  files: { path: string; sha256: string }[];
  /** By node id; absent where nothing is pinned. */
  pinned?: Record<string, PinnedResult>;
  /** Set in trials: the card that is tried, and its node. All other nodes are pinned. */
  trial?: { cardId: string; nodeId: string };
}

export const DEFAULT_MEMORY_BYTES = 4 * 1024 ** 3;

/** The content hash that is the version's id. The pipeline is part of it, so versions of two pipelines are never one row. */
export const versionId = (version: RunVersion): string => createHash('sha256').update(canonicalJson(version)).digest('hex');

/** Throws when the version was not pinned whole. */
export function planOfVersion(version: RunVersion): RunPlan {
  const upstream = new Map<string, string[]>(version.graph.nodes.map((node) => [node.id, []]));
  for (const edge of version.graph.edges) upstream.get(edge.target)?.push(edge.source);
  return planOf(
    version.graph.nodes.map(({ id, title, card }) => {
      const manifest = manifestOf(version, card);
      const outputs = manifest.outputs.map((port) => port.name);
      const pinned = pinnedIn(version, id);
      const step = { nodeId: id, title, upstream: upstream.get(id)!, need: needOf(manifest), outputs, cardRetries: manifest.retries };
      return pinned ? { ...step, pinned } : step;
    }),
  );
}

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

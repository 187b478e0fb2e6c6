/** Finds what pinned nodes stand for, or says why it cannot be had any more. Starts nothing. */
import type { Port } from '@ensemble/cards';
import type { OutputArtifact } from '@ensemble/protocol';
import type { Problem } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import { upstreamArtifacts } from './build-step-spec.ts';
import { UpstreamHashes } from './cache/upstream-hashes.ts';
import type { Artifacts } from './ports.ts';
import type { PinnedResult } from './run-model.ts';
import { loadRun } from './run-repository.ts';
import type { LoadedRun } from './run-repository.ts';
import { lineageOf, manifestOf } from './run-version.ts';
import type { RunVersion } from './run-version.ts';

export interface ResolvePinsPorts {
  sql: Sql;
  artifacts: Pick<Artifacts, 'size'>;
}

interface Resolved {
  /** By node id. */
  pinned: Record<string, PinnedResult>;
  /** RUN-18: one for every pin that cannot be honoured. */
  problems: Problem[];
}

/** `pins`: run id by node id, of nodes of the version. `kept`: those that nobody pinned, the run takes what there is. */
export async function resolvePins(
  ports: ResolvePinsPorts,
  projectId: string,
  version: RunVersion,
  pins: ReadonlyMap<string, string>,
  kept: ReadonlySet<string> = new Set(),
): Promise<Resolved> {
  const earlier = new EarlierResults(ports, projectId);
  // What lies behind a pinned result is for steps that take it and are executed.
  const taken = new Set(version.graph.edges.flatMap(({ source, target }) => (pins.has(target) ? [] : [source])));
  const pinned: Record<string, PinnedResult> = {};
  const problems: Problem[] = [];
  for (const { id, title, card } of version.graph.nodes) {
    const runId = pins.get(id);
    if (runId === undefined || !Object.hasOwn(version.manifests, card)) continue;
    const found = await earlier.resultOf(id, runId, manifestOf(version, card).outputs, taken.has(id));
    if (typeof found === 'string') {
      const message = kept.has(id)
        ? `The last result of “${title}” ${found} Run the pipeline up to here instead.`
        : `The pinned result of “${title}” ${found} Unpin it, or run it again and pin the new result.`;
      problems.push({ code: 'pin/unavailable', message, nodeId: id });
    } else pinned[id] = kept.has(id) ? { ...found, kept: true } : found;
  }
  return { pinned, problems };
}

/** What earlier runs of a project made. Each run is read once. */
export class EarlierResults {
  readonly #ports: ResolvePinsPorts;
  readonly #projectId: string;
  readonly #runs = new Map<string, Promise<{ loaded: LoadedRun; lineage: ReadonlyMap<string, string> } | undefined>>();
  readonly #stored = new Map<string, Promise<boolean>>();

  constructor(ports: ResolvePinsPorts, projectId: string) {
    this.#ports = ports;
    this.#projectId = projectId;
  }

  /**
   * The result with all of `wanted` in it, or the end of the sentence that says why there is none.
   * `taken`: what lies behind it is needed too.
   */
  async resultOf(nodeId: string, runId: string, wanted: readonly Port[], taken: boolean): Promise<PinnedResult | string> {
    const run = await this.load(runId);
    if (!run) return 'is of a run that this project does not have.';
    const { loaded, lineage } = run;
    const before = loaded.run.plan.steps.get(nodeId)?.pinned;
    // What was pinned there came from yet another run: that one knows everything about it.
    if (before && before.runId !== runId) return this.resultOf(before.nodeId ?? nodeId, before.runId, wanted, taken);
    const phase = loaded.run.steps.get(nodeId)?.phase;
    if (phase?.state !== 'succeeded') return `is of run ${loaded.row.number}, in which it did not succeed.`;
    const { outputs, preview, previewError, log } = phase.outcome;
    const missing = wanted.find((port) => !outputs.some((output) => isOutput(output, port)));
    if (missing) return `has no output “${missing.name}” of type ${missing.type}, which the card promises now.`;
    const upstream = taken ? upstreamArtifacts(loaded.run, nodeId) : [];
    const needed = [...outputs, ...upstream].map(({ sha256 }) => this.#isStored(sha256));
    if (!(await Promise.all(needed)).every(Boolean)) return `is no longer stored whole: files of run ${loaded.row.number} are gone.`;
    return {
      runId,
      runNumber: loaded.row.number,
      outputs,
      preview: preview && (await this.#isStored(preview.sha256)) ? preview : null,
      previewError,
      log: log && (await this.#isStored(log.sha256)) ? log : null,
      outputViewType: manifestOf(loaded.version, loaded.version.graph.nodes.find((node) => node.id === nodeId)!.card).outputViewType,
      upstream,
      lineage: lineage.get(nodeId) ?? '',
      ...(taken && new UpstreamHashes(loaded.version).ofResult(loaded.run, nodeId)),
    };
  }

  /** Undefined for a run that is none of this project's. */
  load(runId: string): Promise<{ loaded: LoadedRun; lineage: ReadonlyMap<string, string> } | undefined> {
    let found = this.#runs.get(runId);
    if (!found) this.#runs.set(runId, (found = this.#read(runId)));
    return found;
  }

  async #read(runId: string): Promise<{ loaded: LoadedRun; lineage: ReadonlyMap<string, string> } | undefined> {
    const loaded = await loadRun(this.#ports.sql, runId);
    // Another project's run is as good as none: nothing is told of it.
    return loaded && loaded.row.project_id === this.#projectId ? { loaded, lineage: lineageOf(loaded.version) } : undefined;
  }

  #isStored(sha256: string): Promise<boolean> {
    let stored = this.#stored.get(sha256);
    if (!stored) this.#stored.set(sha256, (stored = this.#ports.artifacts.size(sha256).then((size) => size !== undefined)));
    return stored;
  }
}

const isOutput = (output: OutputArtifact, port: { name: string; type: string }): boolean =>
  output.declared && output.key === port.name && output.type === port.type;

/**
 * Answers whether a step has to be executed, or which result stands for it, and says why. Reads rows and looks into the store;
 * changes nothing but who makes what at this moment.
 */
import type { Sql } from '../../../platform/database/database.ts';
import type { Artifacts } from '../ports.ts';
import type { CacheAnswer, RunEvent } from '../run-lifecycle.ts';
import type { Run } from '../run-model.ts';
import { liveAttemptOf } from '../run-model.ts';
import type { RunVersion } from '../run-version.ts';
import { CacheKeys } from './cache-key.ts';
import type { CacheKey, EnvironmentOf } from './cache-key.ts';
import { newestResults, resultsOfKeys, saveResults, touchResults } from './cached-results.ts';
import type { CachedResult } from './cached-results.ts';
import { becauseOf } from './explain-key.ts';
import { Flights } from './flights.ts';
import type { Place } from './flights.ts';

export interface ResultCachePorts {
  sql: Sql;
  artifacts: Pick<Artifacts, 'size'>;
  environmentOf: EnvironmentOf;
  /** Number of a run that is going on, for people. */
  numberOf(runId: string): number | undefined;
}

/** What is remembered of one run while it goes on. */
export interface RunMemory {
  keys: CacheKeys;
  /** By node id, those used last first: read once, when the first step is looked up. */
  earlier?: Map<string, CachedResult[]>;
}

interface Asking {
  run: Run;
  version: RunVersion;
  memory: RunMemory;
}

export class ResultCache {
  readonly #ports: ResultCachePorts;
  readonly #flights = new Flights();

  constructor(ports: ResultCachePorts) {
    this.#ports = ports;
  }

  remember(version: RunVersion): RunMemory {
    return { keys: new CacheKeys(version, this.#ports.environmentOf) };
  }

  /** `claims`: a step that has to be executed is the one that makes its result from now on; false for a forecast. */
  async answers(asking: Asking, nodeIds: readonly string[], now: number, claims: boolean): Promise<RunEvent[]> {
    const { run, memory } = asking;
    memory.earlier ??= await this.#earlierOf(run);
    const keys = new Map(nodeIds.map((nodeId) => [nodeId, memory.keys.keyFor(run, nodeId)]));
    const found = await this.#find(run, memory.earlier, keys);
    const whole = await this.#whole([...found.values()]);
    return nodeIds.map((nodeId) => {
      const key = keys.get(nodeId)!;
      const answer =
        typeof key === 'string'
          ? { kind: 'miss' as const, why: `Runs, because ${key}.` }
          : this.#answer(asking, nodeId, key, found.get(key.key), whole, now, claims);
      return { kind: 'cacheAnswered', nodeId, answer };
    });
  }

  /** Written in the transaction of the decision. */
  async save(
    sql: Sql,
    pipelineId: string,
    { run, memory }: Pick<Asking, 'run' | 'memory'>,
    changed: Iterable<string>,
    now: number,
  ): Promise<void> {
    const made = [];
    const taken: string[] = [];
    for (const nodeId of changed) {
      const { phase } = run.steps.get(nodeId)!;
      if (phase.state !== 'succeeded' || run.plan.steps.get(nodeId)!.pinned || memory.keys.left(run, nodeId)) continue;
      if (phase.cached && !phase.takenFrom) continue;
      const key = memory.keys.keyFor(run, nodeId);
      if (typeof key === 'string') continue;
      if (phase.cached) taken.push(key.key);
      else made.push({ ...key, nodeId });
    }
    const { projectId, runId } = run;
    await saveResults(sql, { projectId, pipelineId, runId }, made, now);
    await touchResults(sql, projectId, taken, now);
  }

  /** What those steps make at this moment, as after a start of the control plane. */
  resume({ run, memory }: Pick<Asking, 'run' | 'memory'>): void {
    for (const step of run.steps.values()) {
      const { phase, nodeId } = step;
      const executing = liveAttemptOf(step) !== undefined || (phase.state === 'queued' && phase.waitsFor === 'retry');
      if (!executing || !run.plan.steps.get(nodeId)!.lookUp) continue;
      const key = memory.keys.keyFor(run, nodeId);
      if (typeof key !== 'string') this.#flights.claim(flightOf(run, key), { runId: run.runId, nodeId });
    }
  }

  /** The steps make nothing any more. Returns who waited for them. */
  ended(runId: string, nodeIds: Iterable<string>): Place[] {
    return [...nodeIds].flatMap((nodeId) => this.#flights.end({ runId, nodeId }));
  }

  /** The same for a run whose last decision may not hold. */
  forgotten(runId: string): Place[] {
    return this.#flights.endRun(runId);
  }

  /** Nobody makes what the step waits for, or nobody would tell it. */
  isStranded({ run, memory }: Pick<Asking, 'run' | 'memory'>, nodeId: string): boolean {
    const key = memory.keys.keyFor(run, nodeId);
    return typeof key === 'string' || !this.#flights.isWaiting(flightOf(run, key), { runId: run.runId, nodeId });
  }

  async #earlierOf({ projectId, plan }: Run): Promise<Map<string, CachedResult[]>> {
    const asking = [...plan.steps.values()].flatMap(({ nodeId, lookUp }) => (lookUp ? [nodeId] : []));
    return Map.groupBy(await newestResults(this.#ports.sql, projectId, asking), ({ nodeId }) => nodeId);
  }

  async #find(
    run: Run,
    earlier: ReadonlyMap<string, CachedResult[]>,
    keys: ReadonlyMap<string, CacheKey | string>,
  ): Promise<Map<string, CachedResult>> {
    const { projectId } = run;
    const found = new Map<string, CachedResult>();
    let missing: CacheKey[] = [];
    for (const [nodeId, key] of keys) {
      if (typeof key === 'string') continue;
      const known = earlier.get(nodeId)?.find((result) => result.key === key.key);
      if (known) found.set(key.key, known);
      else missing.push(key);
    }
    while (missing.length > 0) {
      const inFlight = missing.filter((key) => this.#flights.makerOf(flightOf(run, key)));
      const keysOf = (all: readonly CacheKey[]): string[] => all.map(({ key }) => key);
      for (const result of await resultsOfKeys(this.#ports.sql, projectId, keysOf(missing))) found.set(result.key, result);
      // It may have been committed after the database was asked.
      missing = inFlight.filter((key) => !found.has(key.key) && !this.#flights.makerOf(flightOf(run, key)));
    }
    return found;
  }

  /** RUN-24: keys of the results of which every file is stored. */
  async #whole(results: readonly CachedResult[]): Promise<ReadonlySet<string>> {
    const stored = new Map<string, Promise<boolean>>();
    const isStored = (sha256: string): Promise<boolean> => {
      let known = stored.get(sha256);
      if (!known) stored.set(sha256, (known = this.#ports.artifacts.size(sha256).then((size) => size !== undefined)));
      return known;
    };
    const checked = await Promise.all(
      results.map(async ({ key, outputs, preview, log }) => {
        const files = [...outputs, ...(preview ? [preview] : []), ...(log ? [log] : [])];
        return (await Promise.all(files.map(({ sha256 }) => isStored(sha256)))).every(Boolean) ? [key] : [];
      }),
    );
    return new Set(checked.flat());
  }

  #answer(
    asking: Asking,
    nodeId: string,
    key: CacheKey,
    found: CachedResult | undefined,
    whole: ReadonlySet<string>,
    now: number,
    claims: boolean,
  ): CacheAnswer {
    const { run, memory } = asking;
    const seconds = memory.keys.secondsOf(nodeId);
    const isOld = found !== undefined && seconds !== undefined && now - found.madeAt.getTime() > seconds * 1_000;
    if (found && !isOld && whole.has(found.key)) {
      const { outputs, preview, previewError, log, runId, runNumber } = found;
      const result = { outputs, preview, previewError, log, from: { runId, number: runNumber } };
      return { kind: 'hit', result, why: `Taken from run ${runNumber}: nothing that decides it has changed.` };
    }
    const place = { runId: run.runId, nodeId };
    const flight = flightOf(run, key);
    const maker = claims ? this.#flights.claim(flight, place) : this.#flights.makerOf(flight);
    if (maker) {
      if (claims) this.#flights.wait(flight, place);
      const number = this.#ports.numberOf(maker.runId);
      return { kind: 'twin', reason: `Run ${number ?? 'of a colleague'} makes the same at this moment; its result is taken.` };
    }
    return { kind: 'miss', why: `Runs ${this.#because(asking, nodeId, key, found, isOld)}.` };
  }

  #because({ run, version, memory }: Asking, nodeId: string, key: CacheKey, found: CachedResult | undefined, isOld: boolean): string {
    if (found && isOld) return 'because its last result is older than its time limit';
    if (found) return `because files of its result of run ${found.runNumber} are gone`;
    const earlier = memory.earlier?.get(nodeId) ?? [];
    // Another pipeline may have a node of the same id.
    const last = earlier.find(({ pipelineId }) => pipelineId === version.pipelineId) ?? earlier[0];
    if (!last) return 'for the first time';
    return becauseOf(last.parts, key.parts, (port) => {
      const source = version.graph.edges.find(({ target, targetPort }) => target === nodeId && targetPort === port)?.source;
      return (source !== undefined && run.plan.steps.get(source)?.title) || port;
    });
  }
}

const flightOf = ({ projectId }: Run, { key }: CacheKey): string => `${projectId} ${key}`;

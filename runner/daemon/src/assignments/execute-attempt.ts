/**
 * One attempt from its assignment to its result: fetch, stage, ask, run, collect, judge.
 * Knows the order of things; the bus, the engine and the store come in as ports.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import { HarnessEvent, StepSpec, type Assignment, type AttemptResult } from '@ensemble/protocol';
import type { ExecutionEngine, Sandbox } from '../engines/execution-engine.ts';
import { EnvironmentUnavailable, type EnvironmentLease, type Environments } from '../environments/environments.ts';
import { collectOutputs } from '../workspace/collect-outputs.ts';
import { judgeAttempt } from '../workspace/judge-attempt.ts';
import { LogFile } from '../workspace/log-file.ts';
import { MetricKeeper } from '../workspace/metric-keeper.ts';
import { leavesScratch } from '../workspace/scratch-use.ts';
import { stageStep } from '../workspace/stage-step.ts';
import { trustKeyOf } from './trust-key.ts';

const MAX_SPEC_BYTES = 64 * 1024 ** 2;

export interface AttemptPorts {
  engine: ExecutionEngine;
  store: ArtifactStore;
  environments: Pick<Environments, 'obtain' | 'present'>;
  runnerId: string;
  /** Numbers of the GPUs that are its own, once it executes. */
  gpus(): readonly number[];
  folderBytes: number;
  /** Where logs are written while cards run; nobody else writes there. */
  logsFolder: string;
  /** Asks the control plane. False: the attempt is not wanted any more. Rejects when nobody answered. */
  claim(): Promise<boolean>;
  onProgress(fraction: number, message: string): void;
  /** Milliseconds, monotonic. */
  clock(): number;
}

/** An attempt that this daemon holds. `stop` is safe at any time. */
export class RunningAttempt {
  readonly assignment: Assignment;
  /** The files of the log stay until `removeLog`. */
  readonly log: LogFile;
  readonly metrics = new MetricKeeper();
  readonly #ports: AttemptPorts;
  readonly #slot: number;
  readonly #stopping = new AbortController();
  #stopReason: 'cancelled' | 'draining' | null = null;
  #lease: EnvironmentLease | undefined;
  #settled: Promise<AttemptResult | null> | undefined;

  constructor(assignment: Assignment, slot: number, ports: AttemptPorts) {
    this.assignment = assignment;
    this.#slot = slot;
    this.#ports = ports;
    const { attemptId, runId, nodeId } = assignment;
    // Ids come from messages: as folder names they are hashed.
    const name = createHash('sha256').update(attemptId).digest('hex').slice(0, 32);
    this.log = new LogFile(join(ports.logsFolder, name), { attemptId, runId, nodeId });
  }

  /** Settles when no process of the attempt is left. */
  async stop(reason: 'cancelled' | 'draining'): Promise<void> {
    this.#stopReason ??= reason;
    this.#stopping.abort();
    await this.#ports.engine.cancel(this.assignment.attemptId);
  }

  /** Null when the control plane does not want it any more. Rejects only when the claim was not answered; nothing was executed then. */
  execute(): Promise<AttemptResult | null> {
    this.#settled ??= this.#execute();
    return this.#settled;
  }

  async #execute(): Promise<AttemptResult | null> {
    const { engine, clock } = this.#ports;
    const { attemptId, runId } = this.assignment;
    const started = clock();
    const finish = (ended: Pick<AttemptResult, 'outcome'> & Partial<AttemptResult>): AttemptResult => ({
      v: 1,
      attemptId,
      runId,
      nodeId: this.assignment.nodeId,
      runnerId: this.#ports.runnerId,
      outputs: [],
      isolation: engine.isolation,
      durationMs: clock() - started,
      ...ended,
    });
    const infrastructure = (message: string): AttemptResult => finish({ outcome: 'failed', error: { kind: 'infrastructure', message } });

    // Staging and asking overlap; a failed staging is reported only for an attempt that is wanted.
    const claimed = this.#ports.claim();
    const staging = this.#stage(claimed);
    const [claim, staged] = await Promise.allSettled([claimed, staging]);
    const sandbox =
      staged.status === 'fulfilled' ? staged.value.sandbox : staged.reason instanceof StagingFailed ? staged.reason.sandbox : null;
    try {
      if (claim.status === 'rejected') throw claim.reason;
      if (!claim.value) return null;
      if (this.#stopReason !== null) {
        return this.#stopReason === 'cancelled'
          ? finish({ outcome: 'cancelled' })
          : infrastructure('the runner was told to stop before the step started');
      }
      if (staged.status === 'rejected') {
        const { reason } = staged;
        if (!(reason instanceof EnvironmentUnavailable)) return infrastructure(sentence(reason));
        this.log.append(Buffer.from(`${reason.message}\n\n${reason.fault.details ?? ''}`));
        const kind = reason.fault.temporary ? 'infrastructure' : 'environment';
        return finish({ outcome: 'failed', error: { kind, message: reason.message }, ...(await this.#storeTraces()) });
      }
      try {
        return finish(await this.#run(staged.value.sandbox, staged.value.spec));
      } catch (error) {
        return { ...infrastructure(sentence(error)), ...(await this.#storeTraces()) };
      }
    } finally {
      if (sandbox !== null) await engine.dispose(sandbox).catch(() => undefined);
      this.#lease?.release();
    }
  }

  async #stage(claimed: Promise<boolean>): Promise<{ sandbox: Sandbox; spec: StepSpec }> {
    const { engine, store } = this.#ports;
    const { attemptId, runId, specHash, projectId, starter, need } = this.assignment;
    // In a warm sandbox the libraries have chosen their number of threads already, and a GPU may not be forked.
    const ownSandbox = starter === undefined || need.cpus !== undefined || need.gpus > 0;
    const trustKey = ownSandbox ? {} : { trustKey: trustKeyOf(projectId, starter) };
    const spec = StepSpec.parse(JSON.parse(Buffer.from(await store.readAll(specHash, MAX_SPEC_BYTES)).toString('utf8')));
    if (spec.requirements !== undefined) {
      // Making an environment takes long: not for an attempt that nobody wants.
      if (!(await claimed)) throw new Error('the attempt is not wanted');
      this.#lease = await this.#ports.environments.obtain(spec.requirements, {
        signal: this.#stopping.signal,
        onProgress: (message, fraction) =>
          this.#ports.onProgress(fraction ?? 0, `preparing its Python environment: ${message}`.slice(0, 500)),
      });
    }
    const python = this.#lease?.python;
    const sandbox = await engine.prepare({ attemptId, runId, slot: this.#slot, ...trustKey, ...(python === undefined ? {} : { python }) });
    try {
      await stageStep(spec, sandbox, store);
    } catch (error) {
      throw new StagingFailed(sentence(error), sandbox);
    }
    return { sandbox, spec };
  }

  async #run(sandbox: Sandbox, spec: StepSpec): Promise<Pick<AttemptResult, 'outcome'> & Partial<AttemptResult>> {
    const { engine, store, folderBytes } = this.#ports;
    const { need } = this.assignment;
    const limits = {
      memoryBytes: spec.memoryBytes,
      wallSeconds: spec.timeoutSeconds,
      ...(need.cpus === undefined ? {} : { cpus: need.cpus }),
      ...(need.gpus > 0 ? { gpus: this.#ports.gpus() } : {}),
    };
    const program = {
      args: ['-m', 'ensemble_harness', sandbox.inside.job],
      environment: gpusOf(need.gpus, this.#ports.gpus()),
    };
    const began = Date.now();
    const end = await engine.run(sandbox, program, limits, {
      output: (bytes) => this.log.append(bytes),
      event: (line) => this.#take(parseEvent(line)),
    });
    const [collected, traces, leftScratch] = await Promise.all([
      collectOutputs(sandbox.host.out, spec, store),
      this.#storeTraces(),
      leavesScratch(sandbox.host.scratch, began),
    ]);
    const logEnd = this.log.range(Math.max(0, this.log.size - 2_000), 2_000).bytes.toString('utf8');
    const verdict = judgeAttempt({
      end,
      result: collected.result,
      problem: collected.problem,
      stopReason: this.#stopReason,
      limits: { ...limits, folderBytes, memoryAsked: need.memoryBytes !== undefined },
      logEnd,
    });
    const { warm } = end;
    if (verdict.outcome !== 'succeeded') return { ...verdict, ...traces, warm };
    return {
      ...verdict,
      ...traces,
      warm,
      leftScratch,
      outputs: collected.outputs,
      ...(collected.preview === null ? {} : { preview: collected.preview }),
      ...(collected.previewError === null ? {} : { previewError: collected.previewError }),
    };
  }

  #take(event: HarnessEvent | null): void {
    if (event?.kind === 'progress') this.#ports.onProgress(event.fraction, event.message);
    else if (event?.kind === 'metric') this.metrics.add(event.name, event.step, event.value);
    else if (event?.kind === 'dropped') this.metrics.drop(event.points);
  }

  /** What it printed and measured, whichever way it ended. What cannot be stored is left out. */
  async #storeTraces(): Promise<Pick<AttemptResult, 'log' | 'metrics'>> {
    const { store } = this.#ports;
    const [log, metrics] = await Promise.all([this.log.store(store), this.metrics.store(store)]);
    return { ...(log === null ? {} : { log }), ...(metrics === null ? {} : { metrics }) };
  }
}

class StagingFailed extends Error {
  readonly sandbox: Sandbox;

  constructor(message: string, sandbox: Sandbox) {
    super(message);
    this.sandbox = sandbox;
  }
}

const gpusOf = (asked: number, own: readonly number[]): Record<string, string> =>
  asked > 0 ? { CUDA_VISIBLE_DEVICES: own.join(',') } : {};

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1_000);

function parseEvent(line: string): HarnessEvent | null {
  try {
    return HarnessEvent.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

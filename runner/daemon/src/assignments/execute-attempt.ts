/**
 * One attempt from its assignment to its result: fetch, stage, ask, run, collect, judge.
 * Knows the order of things; the bus, the engine and the store come in as ports.
 */
import type { ArtifactStore } from '@ensemble/artifact-store';
import { HarnessEvent, StepSpec, type Assignment, type AttemptResult } from '@ensemble/protocol';
import type { ExecutionEngine, Sandbox } from '../engines/execution-engine.ts';
import { EnvironmentUnavailable, type EnvironmentLease, type Environments } from '../environments/environments.ts';
import { collectOutputs } from '../workspace/collect-outputs.ts';
import { judgeAttempt } from '../workspace/judge-attempt.ts';
import { LogKeeper } from '../workspace/log-keeper.ts';
import { stageStep } from '../workspace/stage-step.ts';
import { trustKeyOf } from './trust-key.ts';

const MAX_SPEC_BYTES = 64 * 1024 ** 2;
const LOG_HEAD_BYTES = 1024 ** 2;
const LOG_TAIL_BYTES = 3 * 1024 ** 2;

export interface AttemptPorts {
  engine: ExecutionEngine;
  store: ArtifactStore;
  environments: Pick<Environments, 'obtain' | 'present'>;
  runnerId: string;
  /** Numbers of the GPUs that are its own, once it executes. */
  gpus(): readonly number[];
  folderBytes: number;
  /** Asks the control plane. False: the attempt is not wanted any more. Rejects when nobody answered. */
  claim(): Promise<boolean>;
  onEvent(event: HarnessEvent): void;
  /** Milliseconds, monotonic. */
  clock(): number;
}

/** An attempt that this daemon holds. `stop` is safe at any time. */
export class RunningAttempt {
  readonly assignment: Assignment;
  readonly log = new LogKeeper(LOG_HEAD_BYTES, LOG_TAIL_BYTES);
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
        return finish({ outcome: 'failed', error: { kind, message: reason.message }, ...(await this.#storeLog()) });
      }
      try {
        return finish(await this.#run(staged.value.sandbox, staged.value.spec));
      } catch (error) {
        return { ...infrastructure(sentence(error)), ...(await this.#storeLog()) };
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
          this.#ports.onEvent({
            kind: 'progress',
            fraction: fraction ?? 0,
            message: `preparing its Python environment: ${message}`.slice(0, 500),
          }),
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
    };
    const program = {
      args: ['-m', 'ensemble_harness', sandbox.inside.job],
      environment: gpusOf(need.gpus, this.#ports.gpus()),
    };
    const end = await engine.run(sandbox, program, limits, {
      output: (bytes) => this.log.append(bytes),
      event: (line) => {
        const event = parseEvent(line);
        if (event !== null) this.#ports.onEvent(event);
      },
    });
    const [collected, log] = await Promise.all([collectOutputs(sandbox.host.out, spec, store), this.#storeLog()]);
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
    if (verdict.outcome !== 'succeeded') return { ...verdict, ...log, warm };
    return {
      ...verdict,
      ...log,
      warm,
      outputs: collected.outputs,
      ...(collected.preview === null ? {} : { preview: collected.preview }),
      ...(collected.previewError === null ? {} : { previewError: collected.previewError }),
    };
  }

  async #storeLog(): Promise<Pick<AttemptResult, 'log'>> {
    if (this.log.size === 0) return {};
    const { bytes, truncated } = this.log.finish();
    const stored = await this.#ports.store.put(bytes).catch(() => null);
    return stored === null ? {} : { log: { sha256: stored.sha256, bytes: stored.size, truncated } };
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

/**
 * The Python environments of this runner: each set of requirements is resolved once for everybody, made once here, and shared by all who
 * ask meanwhile. Knows who waits for what; how it is resolved and made is elsewhere.
 *
 * ENV-1 the lock of a set is the first one the control plane has written down; what is made here is made from that one.
 * ENV-2 nothing that was installed is executed outside a sandbox.
 * ENV-3 an environment is complete and tried in a sandbox before it is used, and is not removed while it is used.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import { canonicalRequirements } from '@ensemble/cards/requirements';
import { ENVIRONMENT_NEWS_MS, type EnvironmentFault, type EnvironmentNews } from '@ensemble/protocol';
import type { AttemptPython } from '../engines/execution-engine.ts';
import type { BaseEnvironment } from './base-environment.ts';
import { buildEnvironment, missingFrom } from './build-environment.ts';
import type { ConfinedInstaller } from './confined-installer.ts';
import type { EnvironmentFacts, EnvironmentFolders } from './environment-folders.ts';
import { explainFailure } from './explain-failure.ts';
import { parseLock } from './lock-text.ts';
import { InstallerFailed, resolveLock } from './resolve-lock.ts';

const MAX_LOCK_BYTES = 16 * 1024 ** 2;
const LOCK_RETRY_MS = 250;
/** Made at the same time; others wait. uv itself uses all cores. */
const AT_ONCE = 2;

export type EnvironmentReport = Omit<EnvironmentNews, 'v' | 'runnerId'>;

export interface EnvironmentPorts {
  base: BaseEnvironment;
  installer: ConfinedInstaller;
  interpreter: string;
  uid: number | null;
  folders: EnvironmentFolders;
  store: Pick<ArtifactStore, 'put' | 'readAll'>;
  /** Of all environments together, and the most for one. */
  maxBytes: number;
  /** An environment that was used later than this stays, whatever it needs. */
  idleMs: number;
  deadlineMs: number;
  /** The lock that counts, if there is one; see `EnvironmentLockRequest`. Rejects when nobody answers. */
  lockOf(request: { setId: string; requirements: string[]; offer?: string }): Promise<string | undefined>;
  /** Runs the harness in a sandbox with it: why cards cannot use it, or null. */
  trial(python: AttemptPython): Promise<string | null>;
  tell(report: EnvironmentReport): void;
}

/** There is no environment: one sentence, and whether trying again may help. */
export class EnvironmentUnavailable extends Error {
  readonly fault: EnvironmentFault;

  constructor(fault: EnvironmentFault) {
    super(fault.message);
    this.name = 'EnvironmentUnavailable';
    this.fault = fault;
  }
}

export interface EnvironmentLease {
  /** Undefined: the base environment has everything. */
  python: AttemptPython | undefined;
  /** Call once. Until then it is not removed. */
  release(): void;
}

type Progress = (message: string, fraction?: number) => void;
/** `key` is null where the base environment serves. */
interface Made {
  key: string | null;
  facts: EnvironmentFacts;
}

export class Environments {
  readonly #ports: EnvironmentPorts;
  readonly #jobs = new Map<string, { made: Promise<Made>; listeners: Set<Progress>; last: [string, number?] }>();
  readonly #made = new Map<string, Made>();
  readonly #uses = new Map<string, number>();
  readonly #stopping = new AbortController();
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(ports: EnvironmentPorts) {
    this.#ports = ports;
  }

  /** Once, before anything else. */
  open(): Promise<void> {
    return this.#ports.folders.open();
  }

  /** Ends what is being made. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled([...this.#jobs.values()].map(({ made }) => made));
  }

  /** Rejects with `EnvironmentUnavailable`, or with the signal's reason; then the making goes on for the next who asks. */
  async obtain(requirements: readonly string[], asker: { signal: AbortSignal; onProgress: Progress }): Promise<EnvironmentLease> {
    const { canonical, setId } = this.#nameOf(requirements);
    return this.#lend(await this.#waitFor(setId, canonical, asker));
  }

  /** The same, at once: null when it is not made yet. Rejects as `obtain`, and when nobody tells its lock. */
  async present(requirements: readonly string[]): Promise<EnvironmentLease | null> {
    const { canonical, setId } = this.#nameOf(requirements);
    const known = await this.#known(setId);
    if (known !== undefined) return this.#lend(known);
    // Made by another daemon, or by one before this.
    const lockHash = await this.#ports.lockOf({ setId, requirements: canonical });
    const key = lockHash === undefined ? undefined : this.#keyOf(lockHash);
    const facts = key === undefined ? null : await this.#ports.folders.find(key);
    return key === undefined || facts === null ? null : this.#lend({ key, facts });
  }

  async #lend({ key }: Made): Promise<EnvironmentLease> {
    if (key === null) return { python: undefined, release: () => undefined };
    const { folders } = this.#ports;
    this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    await folders.touch(key);
    const folder = folders.folderOf(key);
    return {
      python: { executable: join(folder, 'bin', 'python'), folder },
      release: () => {
        this.#uses.set(key, (this.#uses.get(key) ?? 1) - 1);
        void folders.touch(key);
      },
    };
  }

  /** Makes it if it is not there and tells how that goes; never rejects. */
  async prepare(requirements: readonly string[]): Promise<void> {
    try {
      const { canonical, setId } = this.#nameOf(requirements);
      const known = await this.#known(setId);
      if (known !== undefined) this.#tellReady(setId, canonical, known);
      else await this.#job(setId, canonical).made;
    } catch {
      // Told to the control plane where it happened; requirements that are none come from nobody.
    }
  }

  /** Read again here, whoever sent them. Throws `EnvironmentUnavailable`. */
  #nameOf(requirements: readonly string[]): { canonical: string[]; setId: string } {
    try {
      const canonical = canonicalRequirements(requirements);
      return { canonical, setId: this.#ports.base.setId(canonical) };
    } catch (error) {
      throw new EnvironmentUnavailable({ message: sentenceOf(error), temporary: false });
    }
  }

  async #known(setId: string): Promise<Made | undefined> {
    const made = this.#made.get(setId);
    if (made === undefined || made.key === null) return made;
    // Another daemon that shares the folder may have removed it.
    if ((await this.#ports.folders.find(made.key)) !== null) return made;
    this.#made.delete(setId);
    return undefined;
  }

  async #waitFor(setId: string, requirements: string[], asker: { signal: AbortSignal; onProgress: Progress }): Promise<Made> {
    asker.signal.throwIfAborted();
    const known = await this.#known(setId);
    if (known !== undefined) return known;
    const job = this.#job(setId, requirements);
    job.listeners.add(asker.onProgress);
    asker.onProgress(...job.last);
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(asker.signal.reason);
    asker.signal.addEventListener('abort', onAbort);
    try {
      return await Promise.race([job.made, aborted.promise]);
    } finally {
      asker.signal.removeEventListener('abort', onAbort);
      job.listeners.delete(asker.onProgress);
    }
  }

  #job(setId: string, requirements: string[]) {
    const present = this.#jobs.get(setId);
    if (present !== undefined) return present;
    const listeners = new Set<Progress>();
    const report: EnvironmentReport = { setId, requirements, state: 'resolving', message: 'finding the versions of its packages' };
    const job = { made: Promise.resolve<Made>({ key: null, facts: NO_FACTS }), listeners, last: [report.message] as [string, number?] };
    const say = (state: 'resolving' | 'building', message: string, fraction?: number): void => {
      Object.assign(report, { state, message: message.slice(0, 500), fraction });
      job.last = [report.message, fraction];
      this.#ports.tell(report);
      for (const listener of listeners) listener(report.message, fraction);
    };
    const reminder = setInterval(() => this.#ports.tell(report), ENVIRONMENT_NEWS_MS);
    job.made = this.#inTurn(
      () => this.#make(setId, requirements, say),
      () => say('resolving', 'waiting for another environment to be made'),
    )
      .then(
        (made) => {
          this.#made.set(setId, made);
          this.#tellReady(setId, requirements, made);
          return made;
        },
        (error: unknown) => {
          const fault = this.#faultOf(error, requirements);
          if (!this.#stopping.signal.aborted)
            this.#ports.tell({ setId, requirements, state: 'failed', message: fault.message.slice(0, 500), fault });
          throw new EnvironmentUnavailable(fault);
        },
      )
      .finally(() => {
        clearInterval(reminder);
        this.#jobs.delete(setId);
      });
    job.made.catch(() => undefined);
    this.#jobs.set(setId, job);
    return job;
  }

  #tellReady(setId: string, requirements: string[], { facts }: Made): void {
    const { lockHash, packages, ownBytes } = facts;
    this.#ports.tell({ setId, requirements, state: 'ready', message: 'ready', lockHash, packages, bytes: ownBytes });
  }

  async #inTurn<T>(work: () => Promise<T>, onWait: () => void): Promise<T> {
    if (this.#busy >= AT_ONCE) {
      onWait();
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    } else this.#busy += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  async #make(
    setId: string,
    requirements: string[],
    say: (state: 'resolving' | 'building', ...progress: Parameters<Progress>) => void,
  ): Promise<Made> {
    const { base, store, lockOf } = this.#ports;
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    let lockHash = await lockOf({ setId, requirements });
    if (lockHash === undefined) {
      say('resolving', 'finding the versions of its packages');
      const text = await this.#inFolder((folder, root) =>
        resolveLock(requirements, { installer: this.#ports.installer, base, root, folder, signal }),
      );
      const { sha256 } = await store.put(Buffer.from(text));
      lockHash = (await lockOf({ setId, requirements, offer: sha256 })) ?? sha256;
    }
    const lock = parseLock(Buffer.from(await store.readAll(lockHash, MAX_LOCK_BYTES)).toString('utf8'));
    if (missingFrom(base, lock).length === 0) return { key: null, facts: { ...NO_FACTS, lockHash, packages: lock.length } };
    const key = this.#keyOf(lockHash);
    const facts = await this.#alone(
      key,
      () => say('building', 'another runner of this machine is making it'),
      async () => {
        const present = await this.#ports.folders.find(key);
        return present ?? (await this.#build(key, lockHash, lock, (message, fraction) => say('building', message, fraction)));
      },
    );
    return { key, facts };
  }

  async #build(key: string, lockHash: string, lock: ReturnType<typeof parseLock>, onProgress: Progress): Promise<EnvironmentFacts> {
    const { folders, maxBytes, idleMs, trial } = this.#ports;
    const facts = await this.#inFolder(async (folder, root) => {
      const made = await buildEnvironment(lockHash, lock, { ...this.#ports, root, folder, signal: this.#stopping.signal, onProgress });
      onProgress('trying it out', 0.98);
      const environment = join(root, folder, 'env');
      const refusal = await trial({ executable: join(environment, 'bin', 'python'), folder: environment });
      if (refusal !== null)
        throw new EnvironmentUnavailable({ message: `With these packages cards cannot run: ${refusal}`.slice(0, 900), temporary: false });
      await folders.publish(key, join(folder, 'env'), join(folder, 'facts.json'));
      return made;
    });
    const removed = await folders.removeUnused(maxBytes, idleMs, (other) => other === key || (this.#uses.get(other) ?? 0) > 0);
    if (removed.length > 0 && this.#busy === 1) await folders.emptyCache();
    return facts;
  }

  /** Not the set: different wishes that mean the same versions share one folder. */
  #keyOf(lockHash: string): string {
    const { base, interpreter } = this.#ports;
    return createHash('sha256').update(`1 ${lockHash} ${base.python} ${process.arch} ${interpreter}`).digest('hex').slice(0, 32);
  }

  async #alone<T>(key: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
    for (let told = false; ; told = true) {
      this.#stopping.signal.throwIfAborted();
      const release = await this.#ports.folders.lock(key);
      if (release !== null) return await work().finally(release);
      if (!told) onWait();
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
  }

  async #inFolder<T>(work: (folder: string, root: string) => Promise<T>): Promise<T> {
    const { folder, remove } = await this.#ports.folders.makeFolder();
    try {
      return await work(folder, this.#ports.folders.root);
    } finally {
      await remove();
    }
  }

  #faultOf(error: unknown, requirements: readonly string[]): EnvironmentFault {
    if (error instanceof EnvironmentUnavailable) return error.fault;
    const { base, maxBytes, deadlineMs } = this.#ports;
    const platform = `${process.platform} ${process.arch === 'x64' ? 'x86_64' : process.arch}`;
    if (error instanceof InstallerFailed)
      return explainFailure(error.end, {
        requirements,
        baseRequirements: base.requirements,
        python: base.python,
        platform,
        maxBytes,
        deadlineMs,
      });
    return { message: isFull(error) ? 'The disk of the runner is full.' : sentenceOf(error), temporary: true };
  }
}

const NO_FACTS: EnvironmentFacts = { lockHash: '', packages: 0, bytes: 0, ownBytes: 0 };
/** Said by the system, or by a program that was run. */
const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === 'ENOSPC') || ('stderr' in error && String(error.stderr).includes('No space left on device')));
const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 900);

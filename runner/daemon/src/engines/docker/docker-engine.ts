/**
 * The Docker engine: a hardened container for each attempt (L1, or L0 where gVisor is its runtime), made by a Docker on this machine.
 * It trusts Docker, and no word of a card; what a card is, it does not know.
 *
 * DOCKER-1  Containers are ours by their labels: whatever carries them and belongs to no running attempt is removed, at the start and
 *           whenever Docker was away.
 * DOCKER-2  Docker may end at any moment. Then the attempts end as not the fault of their cards, and their processes are killed from here.
 */
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import { z } from 'zod';
import {
  SandboxRefused,
  type AttemptPlace,
  type ExecutionEngine,
  type Sandbox,
  type SandboxEnd,
  type SandboxLimits,
  type SandboxProgram,
  type SandboxSink,
  type StandingLimits,
} from '../execution-engine.ts';
import { JobFolders } from '../job-folders.ts';
import { sweepLeftovers } from '../process/leftovers.ts';
import { LineReader } from '../process/line-reader.ts';
import { containerPlan, INSIDE, LABELS, type ContainerFolders, type ContainerOwner } from './container-plan.ts';
import { keepFolders } from './folder-keeper.ts';
import { OutputFrames } from './output-frames.ts';

export interface DockerEngineOptions {
  socketPath: string;
  level: 'L0' | 'L1';
  /** By id or digest. Nothing else is ever started. */
  images: { cpu: string; gpu: string | null };
  owner: ContainerOwner;
  /** Folder of the daemon's own; nobody else writes there. */
  workspace: string;
  python: ContainerFolders;
  /** Runs the helper beside each container: any Python from 3.9 on, standard library only. */
  helperPython: string;
  standing: StandingLimits;
  /** As root: the uid of a slot. Null for an ordinary user. */
  uidOf: ((slot: number) => number) | null;
  /** Between SIGTERM and SIGKILL. */
  graceSeconds: number;
}

const PROCESSOR = process.arch === 'arm64' ? 'arm64' : 'x64';
const ANSWER_MS = 60_000;
const RETURN_CHECK_MS = 250;
const MEMORY_CHECK_MS = 1_000;
const MAX_EVENT_BYTES = 16 * 1024;

const OomEvent = z.object({ Actor: z.object({ Attributes: z.record(z.string(), z.string()) }) });
const MemoryStats = z.object({ memory_stats: z.object({ max_usage: z.number().optional(), usage: z.number().optional() }) });

interface Running {
  end(cause: 'stopped' | 'memory'): void;
  over: Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim().slice(0, 500);

/** A Docker that is killed in the middle of an answer leaves the question open for ever. */
async function answered<T>(question: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      question,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('Docker does not answer')), ANSWER_MS);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Docker's first process passes a signal on as 128 + its number. */
const exitOf = (code: number): SandboxEnd['exit'] => (code > 128 && code <= 128 + 64 ? { signal: code - 128 } : { code });

/** Ends a container without Docker, where its processes are visible: all of them go with the first. */
async function killInit(pid: number, containerId: string): Promise<void> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  if (!groups.includes(containerId)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

export class DockerEngine implements ExecutionEngine {
  readonly name = 'docker';
  readonly isolation: 'L0' | 'L1';
  readonly #options: DockerEngineOptions;
  readonly #docker: Docker;
  readonly #folders: JobFolders;
  readonly #running = new Map<string, Running>();
  readonly #removals = new Set<Promise<void>>();
  #watch: DockerWatch | null = null;
  #isReaping = false;
  #closed = false;

  constructor(options: DockerEngineOptions) {
    this.#options = options;
    this.isolation = options.level;
    this.#docker = new Docker({ socketPath: options.socketPath });
    this.#folders = new JobFolders(options.workspace, options.uidOf);
  }

  async prepare(place: AttemptPlace): Promise<Sandbox> {
    const host = await this.#folders.prepare(place);
    return { ...place, host, inside: { job: INSIDE.job, scratch: INSIDE.scratch } };
  }

  async run(sandbox: Sandbox, program: SandboxProgram, limits: SandboxLimits, sink: SandboxSink): Promise<SandboxEnd> {
    const { promise: over, resolve: tellOver } = Promise.withResolvers<void>();
    const attempt = new ContainerAttempt(this.#docker, this.#options, limits);
    this.#running.set(sandbox.attemptId, { end: (cause) => attempt.end(cause), over });
    try {
      const watch = await this.#watchDocker();
      return await attempt.run(sandbox, program, sink, () => !watch.over);
    } catch (error) {
      await attempt.killWithoutDocker();
      this.#reapWhenPossible();
      throw error instanceof SandboxRefused ? error : new SandboxRefused(sentence(error));
    } finally {
      this.#running.delete(sandbox.attemptId);
      const removal = attempt
        .remove()
        .catch(() => this.#reapWhenPossible())
        .finally(() => this.#removals.delete(removal));
      this.#removals.add(removal);
      tellOver();
    }
  }

  async cancel(attemptId: string): Promise<void> {
    const running = this.#running.get(attemptId);
    running?.end('stopped');
    await running?.over;
  }

  async dispose(sandbox: Sandbox): Promise<void> {
    this.#folders.dispose(sandbox.host);
  }

  removeIdleScratch(idleMs: number): Promise<void> {
    return this.#folders.removeIdleScratch(idleMs);
  }

  /** Every container is started for its attempt: nothing is kept warm. */
  keepWarm(): void {
    return;
  }

  warm(): void {
    return;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch?.stop();
    await Promise.all(this.#removals);
    await this.#folders.settle();
  }

  async sweep(): Promise<{ processes: number; folders: number }> {
    await this.#folders.open();
    const containers = await this.#reap();
    const { processes, folders } = await sweepLeftovers(this.#folders.jobs);
    return { processes: processes + containers, folders };
  }

  /** Removes our containers that belong to no running attempt. Returns how many. Rejects when Docker does not answer. */
  async #reap(): Promise<number> {
    const { instance, runner } = this.#options.owner;
    const label = [`${LABELS.instance}=${instance}`, `${LABELS.runner}=${runner}`];
    const found = await answered(this.#docker.listContainers({ all: true, filters: { label } }));
    const strays = found.filter((one) => !this.#running.has(one.Labels[LABELS.attempt] ?? ''));
    for (const { Id } of strays) await removeContainer(this.#docker.getContainer(Id));
    return strays.length;
  }

  #reapWhenPossible(): void {
    if (this.#isReaping) return;
    this.#isReaping = true;
    void this.#reapUntilDone().finally(() => (this.#isReaping = false));
  }

  async #reapUntilDone(): Promise<void> {
    while (!this.#closed) {
      const done = await this.#reap().then(
        () => true,
        () => false,
      );
      if (done) return;
      await pause(RETURN_CHECK_MS);
    }
  }

  async #watchDocker(): Promise<DockerWatch> {
    if (this.#watch !== null && !this.#watch.over) return this.#watch;
    const { instance, runner } = this.#options.owner;
    const label = [`${LABELS.instance}=${instance}`, `${LABELS.runner}=${runner}`];
    const events = await answered(this.#docker.getEvents({ filters: { type: ['container'], event: ['oom'], label } }));
    const watch = new DockerWatch(events as Readable, (attemptId) => this.#running.get(attemptId)?.end('memory'));
    // Another attempt may have asked meanwhile; two tell the same.
    this.#watch?.stop();
    if (this.#closed) watch.stop();
    return (this.#watch = watch);
  }
}

/** Docker tells of every process that was killed for want of memory, the card's first or another; and by falling silent, of its own end. */
class DockerWatch {
  /** From then on nothing that Docker says of a container before is to be relied on. */
  over = false;
  readonly #events: Readable;

  constructor(events: Readable, onMemory: (attemptId: string) => void) {
    this.#events = events;
    const lines = new LineReader(MAX_EVENT_BYTES, (line) => {
      const attemptId = OomEvent.safeParse(JSON.parse(line)).data?.Actor.Attributes[LABELS.attempt];
      if (attemptId !== undefined) onMemory(attemptId);
    });
    events.on('data', (chunk: Buffer) => lines.push(chunk));
    events.on('error', () => undefined);
    events.on('close', () => (this.over = true));
  }

  stop(): void {
    this.#events.destroy();
  }
}

async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await answered(container.remove({ force: true, v: true }));
  } catch (error) {
    // 404: gone. 409: being removed already.
    const status = (error as { statusCode?: number }).statusCode;
    if (status !== 404 && status !== 409) throw error;
  }
}

/** One container from its making to its end. */
class ContainerAttempt {
  readonly #docker: Docker;
  readonly #options: DockerEngineOptions;
  readonly #limits: SandboxLimits;
  #container: Docker.Container | null = null;
  #pid = 0;
  #started = false;
  #cause: SandboxEnd['cause'] = 'finished';
  #killTimer: NodeJS.Timeout | undefined;

  constructor(docker: Docker, options: DockerEngineOptions, limits: SandboxLimits) {
    this.#docker = docker;
    this.#options = options;
    this.#limits = limits;
  }

  /** The first reason counts. Safe at any time. */
  end(cause: 'stopped' | 'timeout' | 'memory' | 'disk'): void {
    if (this.#cause !== 'finished') return;
    this.#cause = cause;
    if (!this.#started) return;
    if (cause === 'memory' || cause === 'disk') return this.#kill('SIGKILL');
    this.#kill('SIGTERM');
    this.#killTimer = setTimeout(() => this.#kill('SIGKILL'), this.#options.graceSeconds * 1_000);
  }

  #kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#container?.kill({ signal }).catch((error: unknown) => {
      // 404 and 409: it does not run any more.
      const status = (error as { statusCode?: number }).statusCode;
      if (signal === 'SIGKILL' && status !== 404 && status !== 409) void this.killWithoutDocker();
    });
  }

  async killWithoutDocker(): Promise<void> {
    if (this.#pid > 0 && this.#container !== null) await killInit(this.#pid, this.#container.id);
  }

  async remove(): Promise<void> {
    if (this.#container !== null) await removeContainer(this.#container);
  }

  /** `isSameDocker`: no other one has started since. */
  async run(sandbox: Sandbox, program: SandboxProgram, sink: SandboxSink, isSameDocker: () => boolean): Promise<SandboxEnd> {
    const { images, python, standing, uidOf, helperPython, level, owner } = this.#options;
    const limits = this.#limits;
    const image = limits.gpus?.length ? images.gpu : images.cpu;
    if (image === null) throw new SandboxRefused('this runner has no image for cards that need a GPU');
    const ownUid = uidOf?.(sandbox.slot) ?? null;
    const plan = containerPlan({
      level,
      processor: PROCESSOR,
      image,
      owner,
      sandbox,
      folders: { ...python, environment: sandbox.python?.folder ?? python.environment },
      program,
      limits,
      standing,
      uid: ownUid ?? process.getuid?.() ?? 0,
      ownUid: ownUid !== null,
    });
    const timers: NodeJS.Timeout[] = [];
    let keeperLost: string | null = null;
    const keeper = keepFolders(helperPython, sandbox.host, standing, ownUid, {
      onFull: () => this.end('disk'),
      onLost: (reason) => {
        keeperLost = reason;
        this.end('stopped');
      },
    });
    try {
      const container = (this.#container = await answered(this.#docker.createContainer(plan)));
      const output = await answered(container.attach({ stream: true, stdout: true, stderr: true }));
      const closed = relay(output, sink);
      if (this.#cause !== 'finished') return this.#notStarted();
      await answered(container.start());
      const started = performance.now();
      this.#started = true;
      if (this.#cause !== 'finished') this.#kill('SIGKILL');
      timers.push(setTimeout(() => this.end('timeout'), limits.wallSeconds * 1_000));
      let peak = 0;
      const measure = async (): Promise<void> => {
        // It may have ended.
        const stats = MemoryStats.safeParse(await container.stats({ stream: false, 'one-shot': true }).catch(() => null));
        const memory = stats.data?.memory_stats;
        peak = Math.max(peak, memory?.max_usage ?? memory?.usage ?? 0);
      };
      timers.push(setInterval(() => void measure(), MEMORY_CHECK_MS));
      this.#pid = (await answered(container.inspect())).State.Pid;
      await closed;
      const state = await this.#stopped(container);
      // A new Docker kills what it finds running: that says nothing about the card.
      if (!isSameDocker()) throw new SandboxRefused('Docker was restarted while it ran');
      if (keeperLost !== null) throw new SandboxRefused(keeperLost);
      if (state.OOMKilled && state.ExitCode !== 0 && this.#cause === 'finished') this.#cause = 'memory';
      return {
        cause: this.#cause,
        exit: this.#cause === 'finished' ? exitOf(state.ExitCode) : null,
        peakMemoryBytes: this.#cause === 'memory' ? Math.max(peak, limits.memoryBytes) : peak,
        durationMs: performance.now() - started,
        warm: 'container',
      };
    } finally {
      timers.forEach(clearInterval);
      clearTimeout(this.#killTimer);
      await keeper.finish();
    }
  }

  #notStarted(): SandboxEnd {
    return { cause: this.#cause, exit: null, peakMemoryBytes: 0, durationMs: 0, warm: 'container' };
  }

  /** Its output is at its end: either it ended, or it closed its output and goes on. */
  async #stopped(container: Docker.Container): Promise<Docker.ContainerInspectInfo['State']> {
    for (let wait = 2; ; wait = Math.min(wait * 1.5, RETURN_CHECK_MS)) {
      const { State } = await answered(container.inspect());
      if (!State.Running) return State;
      await pause(wait);
    }
  }
}

/** Settles when there is nothing more to come. */
function relay(output: NodeJS.ReadableStream, sink: SandboxSink): Promise<void> {
  const lines = new LineReader(MAX_EVENT_BYTES, (line) => sink.event(line));
  const frames = new OutputFrames((channel, bytes) => (channel === 'stdout' ? sink.output(bytes) : lines.push(bytes)));
  output.on('data', (chunk: Buffer) => frames.push(chunk));
  return new Promise((resolve) => {
    output.once('close', () => resolve());
    output.once('error', () => resolve());
  });
}

/**
 * One table worker: started when there is something to do, ended when idle, killed when it does not stop. Whatever it was
 * doing then is refused as too heavy, and the next task gets a fresh process. Knows nothing of SQL.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Logger } from '../logger.ts';
import {
  TableError,
  WORKER_SETTINGS,
  type FromWorker,
  type TableResults,
  type TableTask,
  type ToWorker,
  type WorkerSettings,
} from './table-task.ts';

const program = new URL('./table-worker.ts', import.meta.url);
const STOP_GRACE_MS = 2_000;

export interface WorkerLimits {
  /** Tasks at once; others wait. */
  concurrency: number;
  waiting: number;
  idleMs: number;
}

type Result = TableResults[TableTask['kind']];

interface Job {
  id: number;
  task: TableTask;
  timeoutMs: number;
  resolve(result: Result): void;
  reject(error: TableError): void;
}

export class WorkerProcess {
  readonly #settings: WorkerSettings;
  readonly #limits: WorkerLimits;
  readonly #logger: Logger;
  readonly #waiting: Job[] = [];
  /** With the timer that ends patience. */
  readonly #running = new Map<number, { job: Job; timer: NodeJS.Timeout }>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(settings: WorkerSettings, limits: WorkerLimits, logger: Logger) {
    this.#settings = settings;
    this.#limits = limits;
    this.#logger = logger;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Rejects with TableError only. */
  async run(task: TableTask, timeoutMs: number, signal: AbortSignal | undefined): Promise<Result> {
    if (signal?.aborted) throw stopped();
    if (this.#waiting.length >= this.#limits.waiting)
      throw new TableError('busy', 'Too many tables are being read at the moment: try again shortly.');
    const id = (this.#lastId += 1);
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        onAbort = () => this.#cancel(id, stopped());
        signal?.addEventListener('abort', onAbort);
        this.#waiting.push({ id, task, timeoutMs, resolve, reject });
        this.#next();
      });
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Everything under way is refused. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    for (const { reject } of this.#waiting.splice(0)) reject(stopped());
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  #next(): void {
    clearTimeout(this.#idle);
    while (this.#running.size < this.#limits.concurrency) {
      const job = this.#waiting.shift();
      if (!job) break;
      const timer = setTimeout(
        () => this.#cancel(job.id, new TableError('too-heavy', `This took longer than ${job.timeoutMs / 1_000} seconds and was stopped.`)),
        job.timeoutMs,
      );
      this.#running.set(job.id, { job, timer });
      this.#send({ id: job.id, task: job.task });
    }
    if (this.#running.size === 0) this.#idle = setTimeout(() => this.#child?.kill('SIGKILL'), this.#limits.idleMs).unref();
  }

  /** The caller is told at once; the place is free when the worker has let go, or is dead. */
  #cancel(id: number, reason: TableError): void {
    const position = this.#waiting.findIndex((job) => job.id === id);
    if (position >= 0) return this.#waiting.splice(position, 1)[0]?.reject(reason);
    const entry = this.#running.get(id);
    if (!entry) return;
    clearTimeout(entry.timer);
    entry.job.reject(reason);
    this.#send({ cancel: id });
    const child = this.#child;
    entry.timer = setTimeout(() => child?.kill('SIGKILL'), STOP_GRACE_MS);
  }

  #send(message: ToWorker): void {
    this.#child ??= this.#start();
    // A failure to send is followed by `exit`, which refuses what was sent.
    this.#child.send(message, () => {});
  }

  #start(): ChildProcess {
    const child = fork(program, [], {
      env: { [WORKER_SETTINGS]: JSON.stringify(this.#settings) },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => this.#answered(message as FromWorker));
    child.once('error', (error) => this.#logger.error({ err: error }, 'the table worker could not be started'));
    child.once('close', (code, signal) => this.#ended(child, code, signal));
    return child;
  }

  #answered(message: FromWorker): void {
    const entry = this.#running.get(message.id);
    if (!entry) return;
    clearTimeout(entry.timer);
    this.#running.delete(message.id);
    if ('result' in message) entry.job.resolve(message.result);
    else entry.job.reject(new TableError(message.error.code, message.error.message));
    this.#next();
  }

  #ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#running.size > 0)
      this.#logger.warn({ code, signal, tasks: this.#running.size }, 'the table worker ended while it was reading');
    for (const { job, timer } of this.#running.values()) {
      clearTimeout(timer);
      job.reject(new TableError('too-heavy', 'Reading this took more time or memory than a table may have here, and was stopped.'));
    }
    this.#running.clear();
    if (this.#waiting.length > 0) this.#next();
  }
}

const stopped = (): TableError => new TableError('cancelled', 'The query was stopped.');

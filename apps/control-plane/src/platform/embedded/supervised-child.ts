/**
 * A child process that belongs to this one: it is recorded in the data directory, started again when it dies, ended with its
 * parent, and never doubled. Knows nothing of what the child does.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Logger } from '../logger.ts';
import { endLeftover, endProcess, killGroup, removeProcessRecord, writeProcessRecord } from './process-record.ts';

const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
/** A child that lived this long starts the back-off anew. */
const SETTLED_AFTER_MS = 30_000;
const KEPT_OUTPUT_LINES = 20;

export interface ChildOptions {
  /** For the log. */
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Where pid and start time are kept. */
  recordFile: string;
  logger: Logger;
  /** One line the child printed. */
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  onExit?: () => void;
}

export interface SupervisedChild {
  readonly pid: number | undefined;
  /** The last lines it printed, to say why it would not start. */
  readonly lastOutput: readonly string[];
  /** It exited before it had run for a moment, and is about to be started again. */
  readonly exits: number;
  /** SIGTERM, then SIGKILL after `graceMs`; no restart. */
  stop(graceMs?: number): Promise<void>;
}

let parentDeathSignal: boolean | undefined;

/** Linux ends the child with its parent, even one that was killed; elsewhere the record lets the next start end it. */
function boundToParent(command: string, args: string[]): [string, string[]] {
  parentDeathSignal ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return parentDeathSignal ? ['setpriv', ['--pdeathsig', 'KILL', command, ...args]] : [command, args];
}

export async function superviseChild(options: ChildOptions): Promise<SupervisedChild> {
  const left = await endLeftover(options.recordFile);
  if (left !== undefined) options.logger.info({ child: options.name, pid: left }, 'ended a process that an earlier start had left behind');
  const child = new Supervision(options);
  await child.start();
  return child;
}

class Supervision implements SupervisedChild {
  readonly #options: ChildOptions;
  readonly lastOutput: string[] = [];
  exits = 0;
  #child: ChildProcess | undefined;
  #delayMs = FIRST_RESTART_MS;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const [command, args] = boundToParent(this.#options.command, this.#options.args);
    const startedAt = Date.now();
    // In a group of its own, so that Ctrl-C in the terminal reaches the parent only, which then drains in order.
    const child = spawn(command, args, {
      cwd: this.#options.cwd,
      env: this.#options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.#readLines(child, 'stdout');
    this.#readLines(child, 'stderr');
    child.once('error', (error) => this.lastOutput.push(error.message));
    // Not `close`: a grandchild may hold the pipes open.
    child.once('exit', (code, signal) => this.#ended(child, startedAt, code, signal));
    if (child.pid !== undefined) await writeProcessRecord(this.#options.recordFile, child.pid);
  }

  async stop(graceMs?: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await endProcess(child.pid, graceMs);
      await exited;
    }
    removeProcessRecord(this.#options.recordFile);
  }

  #ended(child: ChildProcess, startedAt: number, code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#child !== child) return;
    if (child.pid !== undefined) killGroup(child.pid);
    this.exits += 1;
    this.#options.onExit?.();
    if (this.#stopping) return;
    if (Date.now() - startedAt > SETTLED_AFTER_MS) this.#delayMs = FIRST_RESTART_MS;
    this.#options.logger.warn(
      { child: this.#options.name, code, signal, restartMs: this.#delayMs },
      'a process ended and will be started again',
    );
    this.#restart = setTimeout(() => {
      void this.start().catch((error: unknown) => this.#options.logger.error({ err: error }, 'a process could not be started'));
    }, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_RESTART_MS);
  }

  #readLines(child: ChildProcess, stream: 'stdout' | 'stderr'): void {
    let rest = '';
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.lastOutput.push(line);
        if (this.lastOutput.length > KEPT_OUTPUT_LINES) this.lastOutput.shift();
        this.#options.onLine?.(line, stream);
      }
    });
  }
}

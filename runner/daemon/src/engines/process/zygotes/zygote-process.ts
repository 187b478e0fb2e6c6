/**
 * One `warm.py`: a sandbox with a zygote that runs one attempt after the other.
 * Knows the conversation with it; which attempt may go where is decided by `ZygotePool`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { SandboxRefused, type SandboxEnd, type SandboxSink } from '../../execution-engine.ts';
import { MAX_EVENT_BYTES } from '../launcher-process.ts';
import { LineReader } from '../line-reader.ts';
import { FrameReader } from './frame-reader.ts';

const LAUNCHER = join(import.meta.dirname, '..', 'launcher', 'warm.py');

const Report = z.discriminatedUnion('event', [
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('begun') }),
  z.object({ event: z.literal('refused'), reason: z.string() }),
  z.object({
    event: z.literal('ended'),
    id: z.string(),
    cause: z.enum(['finished', 'stopped', 'timeout', 'memory', 'disk', 'lost']),
    code: z.number().int().nullable(),
    peakBytes: z.number(),
    survivors: z.number().int(),
    seconds: z.number(),
    usable: z.boolean(),
  }),
]);
type Ended = Extract<z.infer<typeof Report>, { event: 'ended' }>;

/** The attempt was not begun: it may run elsewhere. */
export class NotBegun extends Error {}

interface Attempt {
  id: string;
  sink: SandboxSink;
  events: LineReader;
  begun: boolean;
  done: PromiseWithResolvers<SandboxEnd>;
}

function endOf(report: Ended): SandboxEnd {
  const exit = report.code === null ? null : report.code < 0 ? { signal: -report.code } : { code: report.code };
  if (report.cause === 'lost') throw new SandboxRefused('the process that its sandbox was made from is gone');
  if (report.survivors > 0) throw new SandboxRefused(`${report.survivors} processes of it could not be ended`);
  return { cause: report.cause, exit, peakMemoryBytes: report.peakBytes, durationMs: report.seconds * 1_000, warm: 'card' };
}

export class ZygoteProcess {
  readonly pid: number;
  readonly uid: number;
  /** Settles when no process of it is left, with the reason it gave, if any. */
  readonly gone: Promise<string>;
  /** importing: its first start. forking: it makes the next child. ready: a child waits for an attempt. */
  state: 'importing' | 'forking' | 'ready' | 'busy' | 'gone' = 'importing';
  /** When it ran an attempt the last time. */
  usedAt = performance.now();
  readonly #child: ChildProcess;
  #attempt: Attempt | null = null;
  #reason = '';
  #complaint = '';
  #onReady: (() => void)[] = [];

  constructor(python: string, plan: Record<string, unknown>, uid: number) {
    this.uid = uid;
    const child = spawn(python, ['-I', '-S', '-B', LAUNCHER], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      cwd: '/',
      // A terminal's signals to the daemon's group must not reach it: it ends when its input does.
      detached: true,
    });
    this.#child = child;
    this.pid = child.pid ?? 0;
    const frames = new FrameReader((kind, content) => {
      if (kind === 'report') this.#onReport(content.toString('utf8'));
      else if (kind === 'output') this.#attempt?.sink.output(Buffer.from(content));
      else this.#attempt?.events.push(content);
    });
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => frames.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => void (this.#complaint = (this.#complaint + chunk.toString('utf8')).slice(-2_000)));
    this.gone = new Promise((resolve) => {
      const ended = (reason: string): void => {
        this.state = 'gone';
        this.#attempt?.done.reject(this.#attempt.begun ? new SandboxRefused(`its launcher ended early; ${reason}`) : new NotBegun(reason));
        this.#attempt = null;
        this.#onReady.splice(0).forEach((tell) => tell());
        resolve(reason);
      };
      child.once('error', (error) => ended(error.message));
      child.once('close', () => ended([this.#reason, this.#complaint.trim()].filter((text) => text !== '').join('; ')));
    });
    this.#send(plan);
  }

  /** Runs the attempt. Rejects with `NotBegun` when it can still run elsewhere, else with `SandboxRefused`. */
  run(id: string, run: Record<string, unknown>, sink: SandboxSink): Promise<SandboxEnd> {
    if (this.state !== 'ready') return Promise.reject(new NotBegun(`the zygote is ${this.state}`));
    this.state = 'busy';
    const events = new LineReader(MAX_EVENT_BYTES, (line) => sink.event(line));
    this.#attempt = { id, sink, events, begun: false, done: Promise.withResolvers<SandboxEnd>() };
    this.#send({ run });
    return this.#attempt.done.promise;
  }

  /** Ends the attempt, if it still runs here. */
  stop(id: string): void {
    if (this.#attempt?.id === id) this.#send({ stop: id });
  }

  /** Settles when a child waits for an attempt, or the zygote is gone. */
  ready(): Promise<void> {
    if (this.state === 'ready' || this.state === 'gone') return Promise.resolve();
    return new Promise((resolve) => this.#onReady.push(resolve));
  }

  /** Ends everything of it. Settles when it is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    await this.gone;
  }

  #send(message: Record<string, unknown>): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #onReport(text: string): void {
    const report = Report.parse(JSON.parse(text));
    if (report.event === 'ready') {
      this.state = 'ready';
      this.#onReady.splice(0).forEach((tell) => tell());
    } else if (report.event === 'begun') {
      if (this.#attempt !== null) this.#attempt.begun = true;
    } else if (report.event === 'refused') {
      this.#reason = report.reason;
    } else if (this.#attempt?.id === report.id) {
      const { done } = this.#attempt;
      this.#attempt = null;
      this.state = report.usable ? 'forking' : 'gone';
      this.usedAt = performance.now();
      try {
        done.resolve(endOf(report));
      } catch (error) {
        done.reject(error);
      }
    }
  }
}

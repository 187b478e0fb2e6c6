/**
 * One run of the launcher: hands it the plan, passes output on, and tells how the sandbox ended.
 * Ignores what runs inside.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { SandboxRefused, type SandboxEnd, type SandboxSink } from '../execution-engine.ts';
import { LineReader } from './line-reader.ts';

const LAUNCHER = join(import.meta.dirname, 'launcher', 'launch.py');
/** A line of the card's events longer than this is dropped: nothing valid is. */
export const MAX_EVENT_BYTES = 16 * 1024;

const Report = z.discriminatedUnion('event', [
  z.object({ event: z.literal('refused'), reason: z.string() }),
  z.object({ event: z.literal('started'), pid: z.number().int() }),
  z.object({
    event: z.literal('ended'),
    cause: z.enum(['finished', 'stopped', 'timeout', 'memory', 'disk', 'abandoned']),
    code: z.number().int().nullable(),
    peakBytes: z.number(),
    survivors: z.number().int(),
    seconds: z.number(),
  }),
]);
type Report = z.infer<typeof Report>;

export interface LauncherProcess {
  pid: number;
  /** Asks the launcher to end the sandbox. May be called twice. */
  stop(): void;
  end: Promise<SandboxEnd>;
}

/** At L2 bubblewrap passes a signal on as 128 + its number. */
function exitOf(code: number | null, level: 'L2' | 'L3'): SandboxEnd['exit'] {
  if (code === null) return null;
  if (code < 0) return { signal: -code };
  return level === 'L2' && code > 128 && code <= 128 + 64 ? { signal: code - 128 } : { code };
}

function parseReport(line: string): Report | null {
  try {
    return Report.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export function startLauncher(python: string, level: 'L2' | 'L3', plan: Record<string, unknown>, sink: SandboxSink): LauncherProcess {
  const child: ChildProcess = spawn(python, ['-I', '-S', '-B', LAUNCHER], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    cwd: '/',
    // A terminal's signals to the daemon's group must not reach it: it ends when its input does.
    detached: true,
  });
  const reports: Report[] = [];
  let complaint = '';
  const [input, output, errors, events, status] = child.stdio as unknown as [NodeJS.WritableStream, Readable, Readable, Readable, Readable];
  input.on('error', () => undefined);
  let started = false;
  const pass = (bytes: Buffer): void => {
    if (!started && complaint.length < 2_000) complaint += bytes.toString('utf8');
    sink.output(bytes);
  };
  output.on('data', pass);
  errors.on('data', pass);
  const eventLines = new LineReader(MAX_EVENT_BYTES, (line) => sink.event(line));
  const statusLines = new LineReader(MAX_EVENT_BYTES, (line) => {
    const report = parseReport(line);
    if (report === null) return;
    if (report.event === 'started') started = true;
    reports.push(report);
  });
  events.on('data', (chunk: Buffer) => eventLines.push(chunk));
  status.on('data', (chunk: Buffer) => statusLines.push(chunk));
  input.write(`${JSON.stringify(plan)}\n`);

  const end = new Promise<SandboxEnd>((resolve, reject) => {
    child.once('error', (error) => reject(new SandboxRefused(`${python} did not start (${error.message})`)));
    // "close" comes when the output pipes are at their end as well, which no surviving process holds open.
    child.once('close', (code, signal) => {
      const last = reports.at(-1);
      if (last?.event === 'refused') reject(new SandboxRefused(last.reason));
      else if (last?.event !== 'ended' || last.cause === 'abandoned') {
        reject(new SandboxRefused(`its launcher ended early (${signal ?? `code ${code}`}) ${complaint.trim().slice(-500)}`));
      } else if (last.survivors > 0) {
        reject(new SandboxRefused(`${last.survivors} processes of it could not be ended`));
      } else {
        resolve({
          cause: last.cause,
          exit: last.cause === 'finished' ? exitOf(last.code, level) : null,
          peakMemoryBytes: last.peakBytes,
          durationMs: last.seconds * 1_000,
          warm: 'container',
        });
      }
    });
  });
  return { pid: child.pid ?? 0, stop: () => void input.write('stop\n'), end };
}

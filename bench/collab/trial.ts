/** One server under one load: who edits is in one process, who looks on in another, the server in a third. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { writeGraph } from '@ensemble/pipeline';
import { eventually, spawnServer } from '@ensemble/testkit';
import { machineCpuMs, processCpuMs } from '../lib/cpu-time.ts';
import { quantiles, round } from '../lib/report.ts';
import type { Quantiles } from '../lib/report.ts';
import { nodeOf, openClient } from './client.ts';
import type { Client, Dialect } from './client.ts';
import type { LoadReport, LoadSettings, Times } from './load.ts';

export interface Trial {
  program: string;
  args: string[];
  dialect: Dialect;
  writers: number;
  editsPerSecond: number;
  seconds: number;
  seed: number;
}

export interface Outcome {
  edits: number;
  /** From the change in the writer's document to the change in a watcher's. */
  toPeer: Quantiles;
  /** From the change to the server's acknowledgement; null where the protocol has none. */
  toAcknowledged: Quantiles | null;
  /** Edits that not every watcher saw, and that were not acknowledged, until long after the last. */
  neverSeen: number;
  neverAcknowledged: number;
  /** Processor time of the server. Depends little on what else the machine does. */
  serverMsPerEdit: number;
  /** How many were busy while the load ran: with all of them busy, times tell more of the machine than of the server. */
  cores: { server: number; clients: number; machine: number };
}

const WATCHERS = 2;
const NODES = 200;
/** Edits before this are not counted: connections and code warm up. */
const WARM_UP_MS = 1_500;
/** After the last edit, for what is still on its way. */
const PATIENCE_MS = 20_000;

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

async function startLoad(settings: LoadSettings): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'load.ts'), [JSON.stringify(settings)]);
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`The ${settings.role} ended before they were connected.`)));
  await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return child;
}

async function reportOf(child: ChildProcess): Promise<LoadReport> {
  child.send('report');
  const [report] = (await once(child, 'message')) as [LoadReport];
  return report;
}

/** A pipeline of two hundred nodes, of which each writer drags one. Whoever keeps documents in memory needs its author to stay. */
async function fillDocument(url: string, dialect: Dialect): Promise<Client> {
  const author = await openClient({ url, dialect, user: 'author', follow: false });
  author.doc.on('update', (update: Uint8Array) => author.send(update, 0));
  const nodes = Array.from({ length: NODES }, (_, index) => ({
    id: nodeOf(index),
    card: 'split',
    position: { x: (index % 20) * 320, y: Math.floor(index / 20) * 180 },
    config: { ratio: 0.7, seed: index, columns: ['a', 'b', 'c'] },
  }));
  const edges = nodes.slice(1).map(({ id }, index) => ({ source: nodeOf(index), sourcePort: 'train', target: id, targetPort: 'data' }));
  if (!writeGraph(author.doc, { nodes, edges }, 'bench').ok) throw new Error('The pipeline was not written.');
  await eventually('the pipeline is there', async () => {
    const reader = await openClient({ url, dialect, user: 'reader', follow: false });
    reader.close();
    return reader.doc.getMap('nodes').size === NODES;
  });
  return author;
}

/** An edit that a later one of the same writer has overtaken was seen when that one was. */
function waits(sent: Times, seen: Times, from: number): { waits: number[]; never: number } {
  const result: number[] = [];
  let never = 0;
  sent.forEach((edits, writer) => {
    let arrived: number | undefined;
    for (let edit = edits.length - 1; edit >= 0; edit -= 1) {
      arrived = seen[writer]?.[edit] ?? arrived;
      const at = edits[edit]!;
      if (at < from) break;
      if (arrived === undefined) never += 1;
      else result.push(arrived - at);
    }
  });
  return { waits: result, never };
}

/** What was measured, once everything has arrived or nothing more will. */
async function collect(watching: ChildProcess, writing: ChildProcess, acknowledges: boolean, from: number) {
  const giveUpAt = now() + PATIENCE_MS;
  for (;;) {
    const { sent, acknowledged } = await reportOf(writing);
    const { seen } = await reportOf(watching);
    const toPeers = seen.map((times) => waits(sent, times, from));
    const toAcknowledged = acknowledges ? waits(sent, acknowledged, from) : undefined;
    const neverSeen = Math.max(...toPeers.map((each) => each.never));
    const neverAcknowledged = toAcknowledged?.never ?? 0;
    if (neverSeen + neverAcknowledged > 0 && now() < giveUpAt) {
      await pause(200);
      continue;
    }
    return {
      edits: sent.flat().filter((at) => at !== null && at >= from).length,
      toPeer: quantiles(toPeers.flatMap((each) => each.waits)),
      toAcknowledged: toAcknowledged ? quantiles(toAcknowledged.waits) : null,
      neverSeen,
      neverAcknowledged,
    };
  }
}

export async function runTrial({ program, args, dialect, writers, editsPerSecond, seconds, seed }: Trial): Promise<Outcome> {
  const server = await spawnServer(program, args);
  const children: ChildProcess[] = [];
  try {
    const author = await fillDocument(server.url, dialect);
    const settings = { url: server.url, dialect, editsPerSecond, seed };
    const watching = await startLoad({ ...settings, role: 'watchers', clients: WATCHERS });
    children.push(watching);
    const writing = await startLoad({ ...settings, role: 'writers', clients: writers });
    children.push(writing);
    const countFrom = now() + WARM_UP_MS;
    const until = countFrom + seconds * 1_000;
    for (const child of children) child.send({ until });
    await pause(WARM_UP_MS);
    const pids = [server.pid, ...children.map((child) => child.pid!)];
    const cpuMs = (): number[] => [...pids.map(processCpuMs), machineCpuMs()];
    const from = now();
    const before = cpuMs();
    await pause(until - now());
    const wallMs = now() - from;
    const spentMs = cpuMs().map((ms, index) => ms - (before[index] ?? 0));
    const cores = spentMs.map((ms) => round(ms / wallMs, 2));
    const measured = await collect(watching, writing, dialect === 'hocuspocus', countFrom);
    author.close();
    return {
      ...measured,
      serverMsPerEdit: round((spentMs[0] ?? 0) / measured.edits, 2),
      cores: { server: cores[0] ?? 0, clients: round((cores[1] ?? 0) + (cores[2] ?? 0), 2), machine: cores[3] ?? 0 },
    };
  } finally {
    for (const child of children) child.kill();
    await server.stop();
  }
}

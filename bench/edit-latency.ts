/**
 * How long an edit takes to the other people in a document, and to "Saved".
 * `node bench/edit-latency.ts [--editors 50] [--edits-per-second 2] [--seconds 10] [--database postgres|pglite]`
 * The server is a process of its own; all editors share this one, so their own work counts as latency too.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openRawSocket, seededRandom, spawnServer, temporaryDatabase } from '@ensemble/testkit';

const { values } = parseArgs({
  options: {
    editors: { type: 'string', default: '50' },
    'edits-per-second': { type: 'string', default: '2' },
    seconds: { type: 'string', default: '10' },
    database: { type: 'string', default: 'postgres' },
    seed: { type: 'string' },
  },
});
const editors = Number(values.editors);
const editsPerSecond = Number(values['edits-per-second']);
const seconds = Number(values.seconds);
const random = seededRandom(values.seed === undefined ? undefined : Number(values.seed));

const HERE = import.meta.dirname;
const PROGRAM = path.join(HERE, '../apps/control-plane/src/modules/collaboration/test-support/collaboration-server.ts');
const DOCUMENT = 'pipeline:bench';
/** Edits before this are not counted: connections and code warm up. */
const WARM_UP_MS = 1_000;

interface Place {
  args: string[];
  remove(): Promise<void> | void;
}

async function makePlace(): Promise<Place> {
  if (values.database === 'pglite') {
    const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-bench-'));
    return { args: ['pglite', path.join(directory, 'data')], remove: () => rmSync(directory, { recursive: true, force: true }) };
  }
  const database = await temporaryDatabase('bench');
  return { args: ['postgres', database.url], remove: () => database.drop() };
}

function quantiles(sample: number[]): { p50: number; p95: number; p99: number; max: number } {
  const sorted = sample.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

const place = await makePlace();
try {
  const server = await spawnServer(PROGRAM, place.args);
  const toPeers: number[] = [];
  const toSaved: number[] = [];
  const startedAt = performance.now();
  const countFrom = startedAt + WARM_UP_MS;
  const until = countFrom + seconds * 1_000;
  let missed = 0;

  const people = await Promise.all(
    Array.from({ length: editors }, async (_, index) => {
      const socket = await openRawSocket({ url: server.url, headers: { 'x-user': `editor-${index}` } });
      const document = await socket.open(DOCUMENT);
      document.doc.getMap<number>('meta').observe((event) => {
        const now = performance.now();
        if (event.transaction.local) return;
        for (const key of event.keysChanged) {
          const sentAt = document.doc.getMap<number>('meta').get(key);
          if (sentAt !== undefined && sentAt > countFrom) toPeers.push(now - sentAt);
        }
      });
      return { socket, document };
    }),
  );
  let edits = 0;
  await Promise.all(
    people.map(async ({ document }, index) => {
      await pause(random.next() * (1_000 / editsPerSecond));
      for (let next = performance.now(); next < until; next += 1_000 / editsPerSecond) {
        await pause(Math.max(0, next - performance.now()));
        const sentAt = performance.now();
        // One key per editor, as one node that is dragged: the document does not grow.
        const saved = document.edit((doc) => doc.getMap<number>('meta').set(`editor-${index}`, sentAt));
        if (sentAt > countFrom) edits += 1;
        saved.then(
          () => void (sentAt > countFrom && toSaved.push(performance.now() - sentAt)),
          () => void (missed += 1),
        );
      }
    }),
  );
  await pause(2_000);
  for (const { socket } of people) socket.terminate();
  await server.kill();

  const record = {
    bench: 'edit-latency',
    at: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version, loadAverage: loadavg()[0] },
    settings: { database: values.database, editors, editsPerSecond, seconds, seed: random.seed },
    edits,
    notAcknowledged: missed,
    deliveries: toPeers.length,
    expectedDeliveries: edits * (editors - 1),
    milliseconds: { toPeers: quantiles(toPeers), toSaved: quantiles(toSaved) },
  };
  console.log(`${editors} editors on one document, ${editsPerSecond} edits/s each, ${values.database}, ${edits} edits`);
  console.table(record.milliseconds);
  const results = path.join(HERE, 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, `edit-latency-${values.database}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  if (missed > 0 || toSaved.length < edits) {
    console.error(`${edits - toSaved.length} edits were never acknowledged.`);
    process.exitCode = 1;
  }
} finally {
  await place.remove();
}

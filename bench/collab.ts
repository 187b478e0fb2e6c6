/**
 * How long an edit takes to the others in a document, and to "Saved", beside the servers that people would use otherwise.
 * `node bench/collab.ts [--writers 10,50,100] [--seconds 5] [--only KIND,…]`; README.md tells how to read it. With `--only`
 * no record is written: it would be one without peers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryDatabase } from '@ensemble/testkit';
import type { Dialect } from './collab/client.ts';
import { measureFloor } from './collab/floor.ts';
import type { Floor } from './collab/floor.ts';
import { runTrial } from './collab/trial.ts';
import type { Outcome } from './collab/trial.ts';
import { machine, round, writeRecord } from './lib/report.ts';
import type { Quantiles } from './lib/report.ts';

interface Contender {
  name: string;
  dialect: Dialect;
  /** Absent for those that keep everything in memory. */
  database?: 'postgres' | 'pglite';
}

const CONTENDERS: Record<string, Contender> = {
  'ensemble-postgres': { name: 'Ensemble, PostgreSQL', dialect: 'hocuspocus', database: 'postgres' },
  'ensemble-pglite': { name: 'Ensemble, PGlite', dialect: 'hocuspocus', database: 'pglite' },
  'hocuspocus-memory': { name: 'Hocuspocus, memory', dialect: 'hocuspocus' },
  'hocuspocus-postgres': { name: 'Hocuspocus, store hook, PostgreSQL', dialect: 'hocuspocus', database: 'postgres' },
  'y-websocket': { name: '@y/websocket-server, memory', dialect: 'y-websocket' },
};
/** What the others' times are divided by. */
const YARDSTICK = 'hocuspocus-memory';
const EDITS_PER_SECOND = 10;
const PROGRAM = path.join(import.meta.dirname, 'collab/server.ts');

const { values } = parseArgs({
  options: {
    writers: { type: 'string', default: '10,50,100' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});

/** Lends an empty database, or an empty string where none is needed. */
async function withPlace<T>(database: Contender['database'], work: (place: string) => Promise<T>): Promise<T> {
  if (database === undefined) return await work('');
  if (database === 'postgres') {
    const made = await temporaryDatabase('bench');
    return await work(made.url).finally(() => made.drop());
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-bench-'));
  return await work(path.join(directory, 'data')).finally(() => rmSync(directory, { recursive: true, force: true }));
}

interface Trial extends Outcome {
  kind: string;
  writers: number;
  loadAverage: number | undefined;
}

/** What one number of writers met. The limit is measured in the same minute. */
interface Round {
  writers: number;
  limit: Floor;
  trials: Trial[];
}

async function runTrialOf(kind: string, writers: number): Promise<Trial> {
  const contender = CONTENDERS[kind];
  if (!contender) throw new Error(`There is no server "${kind}": --only takes ${Object.keys(CONTENDERS).join(', ')}.`);
  const { loadAverage } = machine();
  const load = { writers, editsPerSecond: EDITS_PER_SECOND, seconds: Number(values.seconds), seed: 1 };
  const outcome = await withPlace(contender.database, (place) =>
    runTrial({ program: PROGRAM, args: [kind, place], dialect: contender.dialect, ...load }),
  );
  return { kind, writers, loadAverage, ...outcome };
}

const times = ({ p50, p95, p99 }: Quantiles): string => `${round(p50)} / ${round(p95)} / ${round(p99)}`;

function rowsOf({ limit, trials }: Round) {
  const least = { p50: limit.echo.p50 + limit.insert.p50, p95: limit.echo.p95 + limit.insert.p95, p99: limit.echo.p99 + limit.insert.p99 };
  const yardstick = trials.find(({ kind }) => kind === YARDSTICK);
  const rows = trials.map((trial) => ({
    writers: trial.writers,
    server: CONTENDERS[trial.kind]?.name,
    'to a peer': times(trial.toPeer),
    'to Saved': trial.toAcknowledged ? times(trial.toAcknowledged) : 'has none',
    'p50 : Hocuspocus': yardstick && round(trial.toPeer.p50 / yardstick.toPeer.p50),
    'p50 : limit': round(trial.toPeer.p50 / least.p50),
    'server ms/edit': trial.serverMsPerEdit,
    'cores of server, clients, all': `${trial.cores.server}, ${trial.cores.clients}, ${trial.cores.machine}`,
    load: trial.loadAverage?.toFixed(1),
    lost: trial.neverSeen + trial.neverAcknowledged,
  }));
  return [...rows, { server: 'limit: bare socket + one row on the disk', 'to a peer': times(least) }];
}

const rounds: Round[] = [];
for (const writers of values.writers.split(',').map(Number)) {
  const limit = await withPlace('postgres', (place) => measureFloor(PROGRAM, place));
  const trials: Trial[] = [];
  for (const kind of values.only?.split(',') ?? Object.keys(CONTENDERS)) {
    console.error(`  ${writers} writers: ${kind}`);
    trials.push(await runTrialOf(kind, writers));
  }
  rounds.push({ writers, limit, trials });
}

console.log(
  `${EDITS_PER_SECOND} edits a second and writer, all on one document of 200 nodes, ${values.seconds} s each; ms as p50 / p95 / p99`,
);
console.table(rounds.flatMap(rowsOf));
const { loadAverage, ...about } = machine();
console.log(`${about.cpus} cores; load average at the end ${loadAverage?.toFixed(1)}`);
const settings = { editsPerSecond: EDITS_PER_SECOND, seconds: Number(values.seconds) };
if (values.only === undefined) writeRecord('collab', { at: new Date().toISOString(), machine: about, settings, rounds });
if (rounds.some(({ trials }) => trials.some(({ neverSeen, neverAcknowledged }) => neverSeen + neverAcknowledged > 0))) {
  console.error('Edits were lost, or came more than twenty seconds late: see the column "lost".');
  process.exitCode = 1;
}

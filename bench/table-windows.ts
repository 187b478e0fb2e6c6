/**
 * How long a table of a million rows takes to show: windows, sorting, filters, statistics, as the control plane asks its table
 * worker for them, with the way through the process boundary. HTTP comes on top.
 * `node bench/table-windows.ts [--rows 1000000] [--repeat 15]`
 */
import { once } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@ensemble/testkit';
import { TableWindowQuery, type TableFilter } from '@ensemble/protocol';
import { createTableEngine } from '../apps/control-plane/src/platform/duckdb/table-engine.ts';
import { silentLogger } from '../apps/control-plane/src/platform/logger.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, repeat: { type: 'string', default: '15' } } });
const rows = Number(values.rows);
const repeat = Number(values.repeat);
const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-bench-'));
const csv = path.join(directory, 'table.csv');
const table = path.join(directory, 'table.parquet');

async function writeTable(): Promise<void> {
  const random = seededRandom(1);
  const file = createWriteStream(csv);
  file.write('id,day,name,city,x,y,price,flag,count,note\n');
  for (let from = 0; from < rows; from += 10_000) {
    let text = '';
    for (let id = from; id < Math.min(rows, from + 10_000); id += 1) {
      const day = new Date(1_577_836_800_000 + (id % 1_000) * 86_400_000).toISOString().slice(0, 10);
      const part = Math.floor(random.next() * 1_000);
      text += `${id},${day},name ${part},city ${part % 40},${random.next()},${(random.next() * 1_000).toFixed(3)},${(random.next() * 100).toFixed(2)},${id % 7 === 0},${part},${id % 5 === 0 ? '' : `note ${id}`}\n`;
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

const engine = createTableEngine({ directories: [directory], spillDirectory: path.join(directory, 'spill'), logger: silentLogger() });
const window = (query: { offset?: number; sort?: unknown; filters?: TableFilter[] }) =>
  engine.window(
    table,
    TableWindowQuery.parse({
      limit: 100,
      offset: query.offset ?? 0,
      ...(query.sort === undefined ? {} : { sort: JSON.stringify(query.sort) }),
      ...(query.filters === undefined ? {} : { filters: JSON.stringify(query.filters) }),
    }),
  );
const somebody: TableFilter[] = [
  { column: 'name', op: '=', value: 'name 5' },
  { column: 'x', op: '>', value: 0.5 },
];
const measured: [string, () => Promise<unknown>][] = [
  ['first page', () => window({})],
  ['page in the middle', () => window({ offset: Math.floor(rows / 2) })],
  ['last page', () => window({ offset: rows - 100 })],
  ['filtered, with its total', () => window({ filters: somebody })],
  ['part of a text, with its total', () => window({ filters: [{ column: 'note', op: 'contains', value: '777' }] })],
  ['sorted, first page', () => window({ sort: [{ column: 'x', descending: true }] })],
  ['sorted, page in the middle', () => window({ sort: [{ column: 'x', descending: true }], offset: Math.floor(rows / 2) })],
  ['sorted by text, first page', () => window({ sort: [{ column: 'note' }] })],
  ['statistics of one column', () => engine.statistics(table, { columns: ['x'] })],
  ['statistics of all ten columns', () => engine.statistics(table, {})],
];

const median = (sorted: number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
const rounded = (ms: number): number => Math.round(ms * 10) / 10;

try {
  await writeTable();
  const loadBefore = loadavg()[0];
  const started = performance.now();
  await engine.inspect(csv, 'csv', table);
  const convertMs = rounded(performance.now() - started);
  const coldStarted = performance.now();
  await window({});
  const coldMs = rounded(performance.now() - coldStarted);
  const results: Record<string, { medianMs: number; p95Ms: number }> = {};
  for (const [name, ask] of measured) {
    const times: number[] = [];
    for (let turn = 0; turn < repeat; turn += 1) {
      const asked = performance.now();
      await ask();
      times.push(performance.now() - asked);
    }
    times.sort((a, b) => a - b);
    results[name] = { medianMs: rounded(median(times)), p95Ms: rounded(times[Math.floor(times.length * 0.95)] ?? Number.NaN) };
  }
  const megabytes = (file: string): number => Math.round(statSync(file).size / 1e6);
  console.log(`${rows} rows, 10 columns; CSV ${megabytes(csv)} MB, Parquet ${megabytes(table)} MB`);
  console.table({
    'CSV looked into and turned into Parquet': { medianMs: convertMs },
    'first page, worker not yet started': { medianMs: coldMs },
    ...results,
  });
  const record = {
    bench: 'table-windows',
    at: new Date().toISOString(),
    machine: { cpu: cpus()[0]?.model, cpus: cpus().length, node: process.version, loadAverage: loadBefore },
    settings: { rows, repeat },
    csvMegabytes: megabytes(csv),
    parquetMegabytes: megabytes(table),
    convertMs,
    coldMs,
    milliseconds: results,
  };
  const output = path.join(import.meta.dirname, 'results/table-windows.json');
  mkdirSync(path.dirname(output), { recursive: true });
  writeFileSync(output, `${JSON.stringify(record, null, 2)}\n`);
} finally {
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
}

/**
 * How long a table of a million rows takes to show: pages, sorting, filters, statistics, as the control plane asks its table
 * worker for them, beside DuckDB in the asking process (what the work itself costs) and pandas (what people would use).
 * `node bench/tables.ts [--rows 1000000] [--repeat 5]`; README.md tells how to read it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { createTableEngine } from '../apps/control-plane/src/platform/duckdb/table-engine.ts';
import { silentLogger } from '../apps/control-plane/src/platform/logger.ts';
import { machine, quantiles, round, writeRecord } from './lib/report.ts';
import { makeTable } from './tables/make-table.ts';
import { tableOperations } from './tables/operations.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' }, repeat: { type: 'string', default: '5' } } });
const rows = Number(values.rows);
const repeat = Number(values.repeat);
const python = path.join(process.env.ENSEMBLE_CACHE_DIR ?? path.join(import.meta.dirname, '../.cache'), 'python/bin/python');
const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-bench-'));
const csv = path.join(directory, 'table.csv');
const table = path.join(directory, 'table.parquet');
const operations = tableOperations(table, rows);

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

interface Measured {
  convert: number;
  firstEver: number;
  operations: Record<string, number[]>;
}

/** In turns, so that whatever else the machine does meets both. The first turn warms up. */
async function measureOursAndDuckdb(): Promise<{ ours: Measured; duckdb: Measured }> {
  const engine = createTableEngine({ directories: [directory], spillDirectory: path.join(directory, 'spill'), logger: silentLogger() });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const ask = async (statements: string[]): Promise<void> => {
    for (const statement of statements) (await connection.runAndReadAll(statement)).getRowsJS();
  };
  try {
    const copy = `COPY (SELECT * FROM read_csv('${csv}')) TO '${table}.duckdb' (FORMAT parquet)`;
    const ours: Measured = { convert: await elapsed(() => engine.inspect(csv, 'csv', table)), firstEver: Number.NaN, operations: {} };
    const duckdb: Measured = { convert: await elapsed(() => ask([copy])), firstEver: Number.NaN, operations: {} };
    await ask([`CREATE VIEW t AS SELECT * FROM read_parquet('${table}')`]);
    for (const operation of operations) {
      console.error(`  Ensemble and DuckDB: ${operation.name}`);
      const oursMs: number[] = [];
      const duckdbMs: number[] = [];
      for (let turn = 0; turn <= repeat; turn += 1) {
        oursMs.push(await elapsed(() => operation.ours(engine)));
        duckdbMs.push(await elapsed(() => ask(operation.duckdb)));
      }
      if (Number.isNaN(ours.firstEver)) [ours.firstEver, duckdb.firstEver] = [oursMs[0] ?? Number.NaN, duckdbMs[0] ?? Number.NaN];
      ours.operations[operation.name] = oursMs.slice(1);
      duckdb.operations[operation.name] = duckdbMs.slice(1);
    }
    return { ours, duckdb };
  } finally {
    await engine.stop();
    connection.closeSync();
    instance.closeSync();
  }
}

async function measurePandas(): Promise<Measured | undefined> {
  if (!existsSync(python)) return undefined;
  const child = spawn(python, [path.join(import.meta.dirname, 'tables/pandas_times.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(
    JSON.stringify({ csv, parquet: table, repeat, operations: Object.fromEntries(operations.map(({ name, pandas }) => [name, pandas])) }),
  );
  const output = JSON.parse(await text(child.stdout)) as { convert: number; load: number; operations: Record<string, number[]> };
  // It shows nothing before it has read everything.
  return { convert: output.convert, firstEver: output.load, operations: output.operations };
}

try {
  const { loadAverage: loadBefore } = machine();
  console.error(`Writing ${rows} rows …`);
  await makeTable(csv, rows);
  const { ours, duckdb } = await measureOursAndDuckdb();
  const pandas = await measurePandas();
  const row = (name: string, of: (measured: Measured) => number[]) => {
    const { p50, p95 } = quantiles(of(ours));
    const limit = quantiles(of(duckdb)).p50;
    const peer = pandas && quantiles(of(pandas)).p50;
    return {
      name,
      ms: p50,
      p95,
      'DuckDB ms': limit,
      ': DuckDB': round(p50 / limit),
      'pandas ms': peer,
      ': pandas': peer ? round(p50 / peer, 2) : '',
    };
  };
  const results = [
    row('CSV looked into and made Parquet', ({ convert }) => [convert]),
    row('first page of all, nothing started or read', ({ firstEver }) => [firstEver]),
    ...operations.map(({ name }) => row(name, (measured) => measured.operations[name] ?? [])),
  ];
  const megabytes = (file: string): number => Math.round(statSync(file).size / 1e6);
  const { loadAverage, ...about } = machine();
  console.log(`${rows} rows, 10 columns; CSV ${megabytes(csv)} MB, Parquet ${megabytes(table)} MB; median of ${repeat}, ms`);
  console.table(results);
  console.log(`${about.cpus} cores; load average ${loadBefore?.toFixed(1)} at the start, ${loadAverage?.toFixed(1)} at the end`);
  if (!pandas) console.error(`pandas was left out: there is no ${python}. \`npm start\` makes it.`);
  const load = { atStart: loadBefore, atEnd: loadAverage };
  writeRecord('tables', { at: new Date().toISOString(), machine: about, load, settings: { rows, repeat }, milliseconds: results });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

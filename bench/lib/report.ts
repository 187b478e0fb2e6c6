/** What every benchmark writes down: quantiles, the machine and how busy it was, one JSON record. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';

export interface Quantiles {
  p50: number;
  p95: number;
  p99: number;
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** Of a sample that has at least one value; NaN otherwise. */
export function quantiles(sample: readonly number[]): Quantiles {
  const sorted = sample.toSorted((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The load average is the first thing to look at when two records differ. */
export const machine = () => ({
  cpu: cpus()[0]?.model,
  cpus: cpus().length,
  node: process.version,
  loadAverage: loadavg()[0],
});

/** Replaces the last record of that benchmark. */
export function writeRecord(name: string, record: object): void {
  const results = path.join(import.meta.dirname, '../results');
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
}

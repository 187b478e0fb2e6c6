/**
 * What a run costs beside the cards' own work, through the whole product: HTTP, database, bus, runner, sandbox, artifacts.
 * `node bench/run-path.ts [--rounds 5]`, with warm sandboxes and with one for each card. Beside each figure stands the physical limit of the same machine in the same
 * minute: starting the interpreter, starting it with the same imports, starting it in bubblewrap.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { RunDetail } from '@ensemble/protocol';
import { createProject, finished, importFolder, startRun } from '../tests/lib/api.ts';
import { card, folder } from '../tests/lib/folders.ts';
import { removeDirectory, repository, startProduct, type Product } from '../tests/lib/product.ts';
import { machine, round, writeRecord } from './lib/report.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const python = path.join(process.env.ENSEMBLE_CACHE_DIR ?? path.join(repository, '.cache'), 'python/bin/python');
const median = (sample: number[]): number => sample.toSorted((a, b) => a - b)[Math.floor(sample.length / 2)] ?? NaN;

function processMs(command: string, args: string[]): number {
  return median(
    Array.from({ length: rounds }, () => {
      const from = performance.now();
      const { status } = spawnSync(command, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
      return performance.now() - from;
    }),
  );
}

/** A chain of `length` cards that do nothing but `body`. */
function chain(length: number, body: string): ReturnType<typeof folder> {
  const ids = Array.from({ length }, (_, index) => `n${index}`);
  return folder(
    ids.map((id, index) => ({ id, card: index === 0 ? 'first' : 'next' })),
    ids.slice(1).map((id, index) => `n${index}.value -> ${id}.data`),
    { 'first.py': card('first', body), 'next.py': card('next', body, { data: 'json' }) },
  );
}

const WARM_LEVELS = ['card', 'container'] as const;
const FIBO = 'a, b = 0, 1\nfor _ in range(10):\n    a, b = b, a + b';
const PANDAS = 'import pandas';
const MODELS = 'import pandas, sklearn.linear_model';

interface Measured {
  /** Of the whole run, and a card of it. */
  total: number;
  perCard: number;
  perCardWorst: number;
  /** From the run's acceptance to the first card's claim. */
  toFirst: number;
  isolation: string;
}

async function measure(product: Product, length: number, body: string): Promise<Measured> {
  const { id: projectId } = await createProject(product, 'Bench');
  const { pipelineId } = await importFolder(product, projectId, chain(length, body));
  const once = async (): Promise<RunDetail> => {
    const run = await finished(product, (await startRun(product, pipelineId)).id);
    if (run.state !== 'succeeded') throw new Error(`the run ended ${run.state}`);
    return run;
  };
  // Not measured: warm sandboxes are started beside the first runs of a project.
  await once();
  await once();
  const runs: RunDetail[] = [];
  for (let turn = 0; turn < rounds; turn += 1) runs.push(await once());
  const totals = runs.map((run) => (run.finishedAt ?? NaN) - run.createdAt);
  return {
    total: median(totals),
    perCard: median(totals) / length,
    perCardWorst: Math.max(...totals) / length,
    toFirst: median(runs.map((run) => (run.steps[0]?.startedAt ?? NaN) - run.createdAt)),
    isolation: runs[0]?.isolation ?? '',
  };
}

const limits = {
  interpreter: processMs(python, ['-c', 'import json']),
  imports: processMs(python, ['-c', MODELS]),
  pandas: processMs(python, ['-c', PANDAS]),
  bubblewrap: processMs('bwrap', ['--ro-bind', '/', '/', '--unshare-all', '/bin/true']),
};
const rows: Record<string, string | number>[] = [];
let isolation = '';
for (const warmLevel of WARM_LEVELS) {
  const product = await startProduct({ env: { ENSEMBLE_WARM_LEVEL: warmLevel } });
  try {
    const add = (name: string, ms: number, limit: number): void =>
      void rows.push({ warmLevel, name, ms: round(ms), limitMs: round(limit), ratio: round(ms / limit) });
    const fibo = await measure(product, 40, FIBO);
    isolation = fibo.isolation;
    add(
      '40 sequential fibo(10) cards, the whole run | 40 × (interpreter + bubblewrap)',
      fibo.total,
      40 * (limits.interpreter + limits.bubblewrap),
    );
    add('a card of them | interpreter + bubblewrap', fibo.perCard, limits.interpreter + limits.bubblewrap);
    add('a card of them, in the slowest run', fibo.perCardWorst, limits.interpreter + limits.bubblewrap);
    const pandas = await measure(product, 5, PANDAS);
    add('a card that imports pandas | the same import + bubblewrap', pandas.perCard, limits.pandas + limits.bubblewrap);
    const models = await measure(product, 5, MODELS);
    add('a card that imports pandas and scikit-learn | the same imports + bubblewrap', models.perCard, limits.imports + limits.bubblewrap);
    add('Run accepted → first card claimed | bubblewrap', fibo.toFirst, limits.bubblewrap);
  } finally {
    await product.stop();
    removeDirectory(product.directory);
  }
}
const about = machine();
console.table(rows);
console.log(`isolation ${isolation}, database PGlite; back to back, one card after the other`);
console.log(`${about.cpus} cores; load average at the end ${about.loadAverage?.toFixed(1)}`);
writeRecord('run-path', { at: new Date().toISOString(), machine: about, setting: { isolation, database: 'PGlite', rounds }, rows });

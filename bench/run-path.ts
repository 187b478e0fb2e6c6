/**
 * What a run costs beside the cards' own work, through the whole product: HTTP, database, bus, runner, sandbox, artifacts.
 * `node bench/run-path.ts [--rounds 5]`. Beside each figure stands the physical limit of the same machine in the same
 * minute: starting the interpreter, starting it with the same imports, starting it in bubblewrap.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createProject, finished, importFolder, startRun } from '../tests/lib/api.ts';
import { card, folder } from '../tests/lib/folders.ts';
import { removeDirectory, repository, startProduct } from '../tests/lib/product.ts';
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

/** A chain of `length` cards that do nothing, or nothing but import pandas and scikit-learn. */
function chain(length: number, imports: string): ReturnType<typeof folder> {
  const ids = Array.from({ length }, (_, index) => `n${index}`);
  const body = imports === '' ? 'pass' : imports;
  return folder(
    ids.map((id, index) => ({ id, card: index === 0 ? 'first' : 'next' })),
    ids.slice(1).map((id, index) => `n${index}.value -> ${id}.data`),
    { 'first.py': card('first', body), 'next.py': card('next', body, { data: 'json' }) },
  );
}

const product = await startProduct();
try {
  const { id: projectIdle } = await createProject(product, 'Bench');
  const measure = async (length: number, imports: string) => {
    const { id: projectId } = imports === '' ? { id: projectIdle } : await createProject(product, 'Bench, imports');
    const { pipelineId } = await importFolder(product, projectId, chain(length, imports));
    const totals: number[] = [];
    const firsts: number[] = [];
    let isolation = '';
    for (let round = 0; round < rounds; round += 1) {
      const run = await finished(product, (await startRun(product, pipelineId)).id);
      if (run.state !== 'succeeded' || run.finishedAt === null) throw new Error(`the run ended ${run.state}`);
      totals.push(run.finishedAt - run.createdAt);
      firsts.push((run.steps[0]?.startedAt ?? NaN) - run.createdAt);
      isolation = run.isolation ?? '';
    }
    return { total: median(totals), perCard: median(totals) / length, toFirst: median(firsts), isolation };
  };
  const trivial = await measure(20, '');
  const loaded = await measure(5, 'import pandas, sklearn.linear_model');
  const limits = {
    interpreter: processMs(python, ['-c', 'import json']),
    imports: processMs(python, ['-c', 'import pandas, sklearn.linear_model']),
    bubblewrap: processMs('bwrap', ['--ro-bind', '/', '/', '--unshare-all', '/bin/true']),
  };
  const row = (name: string, ms: number, limit: number) => ({ name, ms: round(ms), limitMs: round(limit), ratio: round(ms / limit) });
  const rows = [
    row('one trivial card of a chain of 20 | interpreter + bubblewrap', trivial.perCard, limits.interpreter + limits.bubblewrap),
    row(
      'one card that imports pandas and scikit-learn | the same imports + bubblewrap',
      loaded.perCard,
      limits.imports + limits.bubblewrap,
    ),
    row('Run accepted → first card claimed | bubblewrap', trivial.toFirst, limits.bubblewrap),
  ];
  const about = machine();
  const setting = { warmLevel: 'none: a fresh sandbox per card', isolation: trivial.isolation, database: 'PGlite', rounds };
  console.table(rows);
  console.log(`isolation ${trivial.isolation}, database PGlite, a fresh sandbox per card`);
  console.log(`${about.cpus} cores; load average at the end ${about.loadAverage?.toFixed(1)}`);
  writeRecord('run-path', { at: new Date().toISOString(), machine: about, setting, rows });
} finally {
  await product.stop();
  removeDirectory(product.directory);
}

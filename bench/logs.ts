/**
 * How many lines a second get from a card that prints to a person who reads them, and what a storm costs: through the whole product,
 * as the browser does it (live frames, gaps filled by ranges). `node bench/logs.ts [--lines 1000000]`. Beside it, in the same
 * minute: the same bytes from a file over a socket by `tail -f`, and the card's own writing into a pipe that nobody limits.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_LOG_RANGE_BYTES, type LogPiece } from '@ensemble/protocol';
import { openLiveClient } from '@ensemble/testkit';
import { call, createProject, importFolder, readStep, startRun } from '../tests/lib/api.ts';
import { card, folder } from '../tests/lib/folders.ts';
import { eventually, processesOf, removeDirectory, repository, startProduct, type Product } from '../tests/lib/product.ts';
import { machine, round, writeRecord } from './lib/report.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const lines = Number(values.lines);
const LINE_BYTES = 49;
const size = lines * LINE_BYTES;
const python = path.join(process.env.ENSEMBLE_CACHE_DIR ?? path.join(repository, '.cache'), 'python/bin/python');
const printing = `
import os
for start in range(0, ${lines}, 1000): os.write(1, b"".join(b"%07d %s\\n" % (n, b"x" * 40) for n in range(start, start + 1000)))`;

/** Prints when the file is there that says so, so that everybody watches from the first line. */
const body = `
import os, time
print("ready", flush=True)
time.sleep(config["seconds"])
${printing.replaceAll('\\n', '\\\\n').trim()}
time.sleep(600)`;

const memoryOf = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
};

interface Measured {
  row: string;
  linesPerSecond: number;
  seconds: number;
  /** Growth at its highest, MB. */
  controlPlaneMb?: number;
  runnerMb?: number;
  messages?: number;
}
const rows: Measured[] = [];

/** One storm. `whole`: the reader fills every gap, as a search does; otherwise it only follows the end. */
async function storm(product: Product, whole: boolean): Promise<void> {
  const { id: projectId } = await createProject(product, 'Bench');
  const content = folder([{ id: 'storm', card: 'storm', config: { seconds: 2 } }], [], { 'storm.py': card('storm', body) });
  const { pipelineId } = await importFolder(product, projectId, content);
  const { id: runId } = await startRun(product, pipelineId);
  await eventually(
    async () => (await readStep(product, runId, 'storm')).state,
    (state) => state === 'running',
  );
  const client = await openLiveClient(product.url, { authorization: `Bearer ${product.token}` }, false);
  const runner = processesOf(product.directory).find(({ command }) => command.includes('runner/daemon'))!.pid;
  const pids = { controlPlane: product.process.pid!, runner };
  const before = { controlPlane: memoryOf(pids.controlPlane), runner: memoryOf(pids.runner) };
  const highest = { ...before };
  const look = setInterval(() => {
    highest.controlPlane = Math.max(highest.controlPlane, memoryOf(pids.controlPlane));
    highest.runner = Math.max(highest.runner, memoryOf(pids.runner));
  }, 50);
  const total = 6 + size;
  let [have, known, began] = [0, 0, 0];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  client.onPiece = ({ isAnswer, start, size: printed, bytes }: LogPiece) => {
    known = Math.max(known, printed);
    if (known > 6) began ||= performance.now();
    if (!whole && start + bytes.length >= total) resolve();
    // In order, without gaps: what is read twice does not count.
    if (start <= have) have = Math.max(have, start + bytes.length);
    if (whole && have >= total) resolve();
    if (whole && (isAnswer || !asking) && have < known) {
      asking = true;
      client.ask({ kind: 'range', id: 1, from: have, to: Math.min(have + MAX_LOG_RANGE_BYTES, Math.max(known, have + 1)) });
    } else if (isAnswer) asking = false;
  };
  let asking = false;
  client.ask({ kind: 'watch', id: 1, runId, nodeId: 'storm', log: true, metrics: false });
  await done;
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(look);
  rows.push({
    row: whole ? 'to a reader who takes every line' : 'to a reader who follows the end',
    linesPerSecond: Math.round(lines / seconds),
    seconds: round(seconds, 2),
    controlPlaneMb: round(highest.controlPlane - before.controlPlane),
    runnerMb: round(highest.runner - before.runner),
    messages: client.messages(),
  });
  client.close();
  await call(product, 'POST', `/api/runs/${runId}/cancel`, {});
}

/** The same bytes, printed into a file and read from there over a loopback socket by `tail -f`. */
async function tailOverSocket(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'bench-logs-'));
  const file = path.join(directory, 'log');
  spawnSync('touch', [file]);
  const tail = spawn('tail', ['-f', '-c', '+1', file], { stdio: ['ignore', 'pipe', 'ignore'] });
  const server = createServer((socket) => void tail.stdout.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const reader = connect(port, '127.0.0.1');
  const from = performance.now();
  const printer = spawn('sh', ['-c', `"${python}" -c '${printing.replaceAll("'", '"')}' > "${file}"`], { stdio: 'inherit' });
  let read = 0;
  await new Promise<void>((resolve) =>
    reader.on('data', (bytes: Buffer) => {
      read += bytes.length;
      if (read >= size) resolve();
    }),
  );
  const seconds = (performance.now() - from) / 1_000;
  rows.push({
    row: 'peer: a file, tail -f, a socket (interpreter start included)',
    linesPerSecond: Math.round(lines / seconds),
    seconds: round(seconds, 2),
  });
  printer.kill();
  tail.kill();
  reader.destroy();
  server.close();
  rmSync(directory, { recursive: true });
}

function printOnly(): void {
  const from = performance.now();
  spawnSync('sh', ['-c', `"${python}" -c '${printing.replaceAll("'", '"')}' | cat > /dev/null`], { stdio: 'ignore' });
  const seconds = (performance.now() - from) / 1_000;
  rows.push({ row: 'limit: the same printing into a pipe', linesPerSecond: Math.round(lines / seconds), seconds: round(seconds, 2) });
}

const product = await startProduct();
try {
  await storm(product, false);
  await storm(product, true);
} finally {
  await product.stop();
  removeDirectory(product.directory);
}
await tailOverSocket();
printOnly();
console.table(rows);
writeRecord('logs', {
  at: new Date().toISOString(),
  machine: machine(),
  lines,
  lineBytes: LINE_BYTES,
  database: 'PGlite',
  engine: 'process',
  rows,
});

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeMetrics } from '@ensemble/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestDocker } from './test-docker.ts';
import { card, pause, READY, TestBench, until, type Daemon } from './test-bench.ts';

const OK = `print("hello")\nreturn {"out": storage.save_json("p", "n", "out", {"answer": 42})}`;

/** Command lines of living processes that carry the word. */
async function processesWith(word: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')));
  return lines.filter((line) => line.includes(word));
}

const docker = READY ? await TestDocker.open() : null;
afterAll(() => docker?.close());

const ENGINES = [
  { level: 'L1', engine: 'docker' },
  { level: 'L2', engine: 'process' },
  { level: 'L3', engine: 'process' },
].filter(({ engine }) => engine === 'process' || docker !== null);

describe.skipIf(!READY).each(ENGINES)('the runner at $level', ({ level, engine }) => {
  let bench: TestBench;
  let daemon: Daemon;
  /** The same whatever the engine: asked of those where it takes least. */
  const ofTheLink: (name: string, test: () => Promise<void>) => unknown = engine === 'process' ? it : () => undefined;
  const settings = {
    ENSEMBLE_ISOLATION: level,
    ...(engine === 'docker' ? docker?.settings : {}),
  };

  beforeAll(async () => {
    bench = await TestBench.open();
    daemon = await bench.startDaemon(settings);
  });
  beforeEach(() => {
    bench.onClaim = () => true;
  });
  afterAll(() => bench.close());

  it('runs a card below a private folder and stores outputs, preview and log', async () => {
    const result = await bench.run(card(OK));
    expect(result).toMatchObject({ outcome: 'succeeded', isolation: level, runnerId: daemon.runnerId });
    expect(result.outputs).toHaveLength(1);
    const [output] = result.outputs;
    expect(output).toMatchObject({ key: 'out', type: 'json', declared: true, ref: 'node/out.json' });
    expect(JSON.parse(Buffer.from(await bench.store.readAll(output?.sha256 ?? '', 1_000)).toString())).toEqual({ answer: 42 });
    expect(JSON.parse(Buffer.from(await bench.store.readAll(result.preview?.sha256 ?? '', 1_000)).toString())).toEqual({ value: 1 });
    expect(await bench.logOf(result)).toContain('hello');
    await until('the acknowledgement', async () => (await bench.pending()) === 0);
  });

  it('reports the line that failed and publishes progress and metrics', async () => {
    const result = await bench.run(
      card(`self.progress(0.5, "half")\nself.log_metric("loss", 0.25, 3)\nraise ValueError("no such column")`),
    );
    expect(result).toMatchObject({ outcome: 'failed', error: { kind: 'card', type: 'ValueError', file: 'cards/probe.py', line: 18 } });
    expect(result.error?.message).toContain('no such column');
    await until('progress', () => bench.news.length >= 1);
    expect(bench.news).toContainEqual(expect.objectContaining({ kind: 'progress', fraction: 0.5, nodeId: 'node' }));
    const metrics = decodeMetrics(await bench.store.readAll(result.metrics!.sha256, 1_000));
    expect(metrics.series).toEqual([{ name: 'loss', steps: Float64Array.of(3), values: Float64Array.of(0.25) }]);
  });

  it('gives inputs, project modules and config files to the card', async () => {
    const [text, helper] = [await bench.store.put(Buffer.from('a file')), await bench.store.put(Buffer.from('WORD = "helped"\n'))];
    const source = card(`
from cards.helper import WORD
text = open(config["file"]).read()
try:
    open(config["file"], "w")
except OSError:
    text += " read-only"
return {"out": storage.save_json("p", "n", "out", [text, WORD, storage.load_json(inputs["data"])])}`);
    const { sha256 } = await bench.store.put(Buffer.from(source));
    const data = await bench.store.put(Buffer.from('[1, 2]'));
    const specHash = await bench.spec(source, {
      files: [
        { path: 'cards/probe.py', sha256 },
        { path: 'cards/helper.py', sha256: helper.sha256 },
      ],
      config: { file: { $file: text.sha256, name: 'words.txt' } },
      inputs: { data: 'before/data.json' },
      artifacts: [{ ref: 'before/data.json', sha256: data.sha256 }],
    });
    const result = await bench.result(await bench.publish(specHash));
    expect(result.error).toBeUndefined();
    expect(JSON.parse(Buffer.from(await bench.store.readAll(result.outputs[0]?.sha256 ?? '', 1_000)).toString())).toEqual([
      'a file read-only',
      'helped',
      [1, 2],
    ]);
  });

  it('shares /tmp among the steps of a run, at once and after, and not with another run', async () => {
    const write = await bench.spec(
      card(
        `open("/tmp/shared", "w").write("from the first")\nopen("/tmp/secretive", "w").close()\nimport os\nos.chmod("/tmp/secretive", 0o600)\n${OK}`,
      ),
    );
    const change = card(
      `open("/tmp/secretive", "a").write("x")\nreturn {"out": storage.save_json("p", "n", "out", open("/tmp/shared").read())}`,
    );
    expect((await bench.result(await bench.publish(write, { runId: 'run-a' }))).outcome).toBe('succeeded');
    for (let round = 0; round < 3; round += 1) {
      const read = await bench.result(await bench.publish(await bench.spec(change), { runId: 'run-a' }));
      expect(read.error, 'the same run, perhaps another slot').toBeUndefined();
    }
    const other = await bench.result(await bench.publish(await bench.spec(change), { runId: 'run-b' }));
    expect(other).toMatchObject({ outcome: 'failed', error: { type: 'FileNotFoundError' } });
  });

  it('cancels a card and everything it started, and answers when it is gone', async () => {
    const word = `sleeper-${level}-cancel-${process.pid}`;
    const specHash = await bench.spec(
      card(`
import os, sys, time
for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        os.execv(sys.executable, [sys.executable, "-c", "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", "${word}"])
print("started", flush=True)
time.sleep(600)`),
    );
    const attemptId = await bench.publish(specHash);
    await until('the daemons of the card', async () => (await processesWith(word)).length >= 2);
    await bench.cancel(daemon, attemptId);
    expect(await processesWith(word), 'when the answer came').toEqual([]);
    const result = await bench.result(attemptId);
    expect(result.outcome).toBe('cancelled');
    expect(await bench.logOf(result)).toContain('started');
  });

  it('stops a card at its time limit, even one that ignores SIGTERM, and keeps its log', async () => {
    const source = card(`
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("still here", flush=True)
while True:
    time.sleep(1)`);
    let log = '';
    // On a busy machine the time may be over before the card says anything.
    for (const timeoutSeconds of [2, 8, 32]) {
      const result = await bench.run(source, { timeoutSeconds });
      expect(result).toMatchObject({ outcome: 'failed', error: { kind: 'timeout' } });
      expect(result.error?.message).toContain(`stopped after ${timeoutSeconds} s, its time limit; `);
      log = await bench.logOf(result);
      if (log !== '') break;
    }
    expect(log).toContain('still here');
  });

  it('stops cards that use too much memory, alone or with their children', async () => {
    const limits = { memoryBytes: 300 * 1024 ** 2 };
    const alone = await bench.run(card(`x = bytearray(800 * 1024 * 1024)\nreturn {}`), limits);
    expect(alone).toMatchObject({ outcome: 'failed', error: { kind: 'memory', line: 16 } });
    expect(alone.error?.message).toMatch(/^out of memory at 300 MiB; /);
    const together = await bench.run(
      card(`
import mmap, os, time
for _ in range(4):
    if os.fork() == 0:
        x = mmap.mmap(-1, 120 * 1024 * 1024)
        for at in range(0, len(x), 4096):
            x[at] = 1
        time.sleep(60)
time.sleep(60)`),
      limits,
    );
    expect(together.error?.message).toMatch(/^out of memory at 300 MiB; /);
  });

  it('says what ended a card that returned nothing', async () => {
    const crash = await bench.run(card(`import ctypes\nctypes.string_at(0)`));
    expect(crash.error).toMatchObject({ kind: 'card' });
    expect(crash.error?.message).toContain('signal 11');
    const left = await bench.run(card(`import os\nos._exit(3)`));
    expect(left.error).toMatchObject({ kind: 'contract' });
    expect(left.error?.message).toContain('code 3');
  });

  it('keeps beginning and end of a log storm', async () => {
    const result = await bench.run(
      card(
        `import os\nprint("FIRST", flush=True)\nfor _ in range(800): os.write(1, b"x" * 100000 + b"\\n")\nprint("LAST", flush=True)\n${OK}`,
      ),
    );
    expect(result.outcome).toBe('succeeded');
    expect(result.log?.truncated).toBe(true);
    const log = await bench.logOf(result);
    expect(log.startsWith('FIRST')).toBe(true);
    expect(log.trimEnd().includes('LAST')).toBe(true);
    expect(log.length).toBe(result.log?.bytes);
    expect(log.length).toBeLessThan(66 * 1024 ** 2);
    expect(result.log!.bytes + result.log!.gap!.end - result.log!.gap!.start).toBe('FIRST\nLAST\nhello\n'.length + 800 * 100_001);
  });

  it('lets a card do what data science cards do: worker processes, figures, copies, a program of its own', async () => {
    const result = await bench.run(
      card(`
import shutil, subprocess, sys
from multiprocessing import Pool
from joblib import Parallel, delayed
import matplotlib.pyplot as plt
plt.plot([1])
plt.savefig("/tmp/figure.png")
shutil.copy("/tmp/figure.png", "/tmp/copy.png")
open("/dev/stdout", "w").write("by name\\n")
found = [Parallel(n_jobs=2)(delayed(abs)(n) for n in (-1, -2)), Pool(2).map(abs, [-3]), subprocess.check_output([sys.executable, "-c", "print(4)"], text=True)]
return {"out": storage.save_json("p", "n", "out", found)}`),
    );
    expect(result.error).toBeUndefined();
    expect(JSON.parse(Buffer.from(await bench.store.readAll(result.outputs[0]?.sha256 ?? '', 1_000)).toString())).toEqual([
      [1, 2],
      [3],
      '4\n',
    ]);
    expect(await bench.logOf(result)).toContain('by name');
  });

  it('answers ranges of a running log', async () => {
    const attemptId = await bench.publish(await bench.spec(card(`import time\nprint("0123456789", flush=True)\ntime.sleep(600)`)));
    const reply = await until('the log', async () => {
      const answer = await bench.logRange(daemon, attemptId, 3, 4);
      return answer.data.length > 0 && answer;
    });
    expect(reply.string()).toBe('3456');
    expect(reply.headers?.get('Log-Size')).toBe('11');
    await bench.cancel(daemon, attemptId);
    expect((await bench.result(attemptId)).outcome).toBe('cancelled');
  });

  ofTheLink('executes nothing that is not wanted, and nothing before it was asked for', async () => {
    bench.onClaim = () => false;
    const specHash = await bench.spec(card(OK));
    const unwanted = await bench.publish(specHash);
    await until('the claim', () => bench.claims.some((claim) => claim.attemptId === unwanted && claim.ackSubject.startsWith('$JS.ACK.')));
    await until('its acknowledgement', async () => (await bench.pending()) === 0);
    expect(bench.results.some((result) => result.attemptId === unwanted)).toBe(false);

    bench.onClaim = () => null;
    const unanswered = await bench.publish(specHash);
    await until('the second try', () => bench.claims.filter((claim) => claim.attemptId === unanswered).length >= 2);
    expect(bench.results.some((result) => result.attemptId === unanswered)).toBe(false);
    bench.onClaim = () => true;
    expect((await bench.result(unanswered)).outcome).toBe('succeeded');
  });

  it('heartbeats with what it holds', async () => {
    const attemptId = await bench.publish(await bench.spec(card(`import time\ntime.sleep(600)`)));
    await until('a heartbeat that names the attempt', () => bench.heartbeats.get(daemon.runnerId)?.held.includes(attemptId));
    expect(bench.heartbeats.get(daemon.runnerId)).toMatchObject({
      slots: 2,
      pools: ['cpu'],
      draining: false,
      engines: [{ engine, isolation: level }],
    });
    await bench.cancel(daemon, attemptId);
  });

  ofTheLink('finishes and reports although the bus is restarted and wiped meanwhile', async () => {
    const attemptId = await bench.publish(await bench.spec(card(`import time\nprint("go", flush=True)\ntime.sleep(3)\n${OK}`)));
    // Not the claim alone: its answer could be on the bus that is about to be killed.
    await until('the card to execute', async () => (await bench.logRange(daemon, attemptId, 0, 2)).string() === 'go');
    await bench.stopNats(true);
    await pause(300);
    await bench.startNats();
    await until('the bench to be back', () =>
      bench.nc.flush().then(
        () => true,
        () => false,
      ),
    );
    await bench.makeStreams();
    expect((await bench.result(attemptId)).outcome).toBe('succeeded');
    expect((await bench.run(card(OK))).outcome, 'the next one').toBe('succeeded');
  });

  it('leaves nothing behind when it is killed, and its successor takes over', async () => {
    const word = `sleeper-${level}-killed-${process.pid}`;
    const specHash = await bench.spec(
      card(`
import os, sys, time
if os.path.exists("/tmp/second"):
    return {"out": storage.save_json("p", "n", "out", "second")}
open("/tmp/second", "w").close()
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", "${word}"])
time.sleep(600)`),
    );
    const attemptId = await bench.publish(specHash, { runId: `killed-${level}` });
    await until('the daemon of the card', async () => (await processesWith(word)).length > 0);
    daemon.child.kill('SIGKILL');
    await daemon.exited;
    // Containers live on until a daemon of the same folder comes; then they are gone before it serves.
    if (engine === 'process') await until('its sandbox to be gone', async () => (await processesWith(word)).length === 0);
    const left = join(bench.folder, 'runner', 'jobs', 'left-behind');
    await mkdir(join(left, 'job', 'out'), { recursive: true });
    // No answer: nothing new is executed before it was looked at.
    bench.onClaim = () => null;
    daemon = await bench.startDaemon(settings);
    expect(existsSync(left)).toBe(false);
    expect(await processesWith(word)).toEqual([]);
    bench.onClaim = () => true;
    expect((await bench.result(attemptId)).outcome).toBe('succeeded');
  });

  ofTheLink('drains: takes nothing new, waits, then hands back as not the fault of the card, and ends with 0', async () => {
    daemon.child.kill('SIGTERM');
    expect(await daemon.exited).toBe(0);
    let short = '';
    // On a busy machine even the short card may need longer than it is given.
    for (const seconds of [1, 8, 40]) {
      const draining = await bench.startDaemon({
        ...settings,
        ENSEMBLE_RUNNER_DIR: join(bench.folder, `draining-${seconds}`),
        ENSEMBLE_RUNNER_DRAIN_SECONDS: String(seconds),
      });
      const attempts = [
        await bench.publish(await bench.spec(card(`import time\ntime.sleep(600)`))),
        await bench.publish(await bench.spec(card(`import time\ntime.sleep(0.5)\n${OK}`))),
      ] as const;
      await until('both to run', () => bench.heartbeats.get(draining.runnerId)?.held.length === 2);
      draining.child.kill('SIGTERM');
      expect(await draining.exited).toBe(0);
      expect(await bench.result(attempts[0])).toMatchObject({ outcome: 'failed', error: { kind: 'infrastructure' } });
      await until('the last heartbeat', () => {
        const last = bench.heartbeats.get(draining.runnerId);
        return last?.draining === true && last.held.length === 0;
      });
      short = (await bench.result(attempts[1])).outcome;
      if (short === 'succeeded') break;
    }
    expect(short).toBe('succeeded');
  });
});

describe.skipIf(docker === null)('the runner and its Docker', () => {
  let bench: TestBench;
  let daemon: Daemon;

  beforeAll(async () => {
    bench = await TestBench.open();
    daemon = await bench.startDaemon({ ...docker?.settings, ENSEMBLE_DOCKER_GPU_IMAGE: docker?.image ?? '' });
  });
  afterAll(() => bench.close());

  it('offers no GPU where no container gets one', async () => {
    await until('a heartbeat', () => bench.heartbeats.has(daemon.runnerId));
    expect(bench.heartbeats.get(daemon.runnerId)).toMatchObject({ pools: ['cpu'], gpus: 0 });
    expect(daemon.stderr()).toContain('no container gets a GPU here');
  });

  it('hands back what Docker dropped when it was killed, leaves nothing of it, and goes on when Docker is back', async () => {
    const word = `sleeper-docker-${process.pid}`;
    const specHash = await bench.spec(
      card(`
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "${word}"], start_new_session=True)
print("go", flush=True)
import time
time.sleep(600)`),
    );
    const attemptId = await bench.publish(specHash, { runId: 'docker-killed' });
    await until('the card to execute', async () => (await bench.logRange(daemon, attemptId, 0, 2)).string() === 'go');
    expect(await processesWith(word)).not.toEqual([]);
    await docker?.kill();
    const dropped = await bench.result(attemptId);
    expect(dropped).toMatchObject({ outcome: 'failed', error: { kind: 'infrastructure' } });
    await until('its processes to be gone', async () => (await processesWith(word)).length === 0);
    expect(await bench.logOf(dropped)).toContain('go');
    expect((await bench.run(card(OK))).error, 'without Docker').toMatchObject({ kind: 'infrastructure' });
    await docker?.start();
    await until('its container to be removed', async () => (await docker?.containers()) === 0);
    expect((await bench.run(card(OK))).outcome).toBe('succeeded');
  });
});

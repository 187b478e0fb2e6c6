/** Warm level `card`: what one child of a zygote does must not reach the next, and whatever happens to a zygote, attempts end cleanly. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptResult, StepSpec } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, READY, TestBench, until, type Daemon } from './test-bench.ts';

const SAVE = 'return {"out": storage.save_json("p", "n", "out", found)}';
const NOTHING = `found = None\n${SAVE}`;

/** Everything about a process that a card can change and the next one could notice. */
const LOOK = `
import gc, locale, os, random, signal, sys, threading, warnings
import numpy, pandas
found = {
    "cwd": os.getcwd(), "umask": os.umask(0o022), "environment": sorted(item for item in os.environ.items() if item[0] != "ENSEMBLE_ATTEMPT"),
    "signals": {str(n): str(signal.getsignal(n)).split(" at ")[0] for n in signal.valid_signals()},
    "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "timer": signal.getitimer(signal.ITIMER_REAL),
    "descriptors": sorted(int(fd) for fd in os.listdir("/proc/self/fd") if int(fd) < 4),
    "numpy": [numpy.geterr(), numpy.get_printoptions()["precision"]], "pandas": pandas.get_option("display.max_rows"),
    "random": [random.random(), float(numpy.random.rand())], "recursion": sys.getrecursionlimit(), "gc": gc.isenabled(),
    "planted": [hasattr(sys, "planted"), hasattr(pandas, "planted"), "planted" in sys.modules, "planted" in os.environ],
    "path": sys.path, "argv": sys.argv, "hooks": [str(type(hook)) for hook in sys.meta_path], "threads": threading.active_count(),
    "shm": os.listdir("/dev/shm"), "tmp": sorted(os.listdir("/tmp")), "job": sorted(os.listdir("/ensemble/job")), "out": os.listdir("/ensemble/job/out"),
    "processes": sorted(int(p) for p in os.listdir("/proc") if p.isdigit() and int(p) not in (1, os.getpid())),
    "nice": os.getpriority(os.PRIO_PROCESS, 0), "order": [list({"a", "b", "c", "d", "e", "f"}), hash("text")],
    "limits": [__import__("resource").getrlimit(n) for n in range(16) if n not in (0, 2)],
    "locale": locale.setlocale(locale.LC_ALL), "encoding": [sys.stdout.encoding, sys.stdout.line_buffering, sys.flags.safe_path],
}
${SAVE}`;

const SPOIL = `
import os, random, resource, signal, socket, sys, threading, time, types
import numpy, pandas
os.chdir("/"); os.umask(0o777); os.environ["planted"] = "yes"; os.environ["PYTHONPATH"] = "/tmp"
sys.planted = pandas.planted = True; sys.modules["planted"] = types.ModuleType("planted"); sys.path.insert(0, "/tmp")
for n in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1): signal.signal(n, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]); signal.setitimer(signal.ITIMER_REAL, 500)
numpy.seterr(all="raise"); numpy.set_printoptions(precision=1); pandas.set_option("display.max_rows", 1); random.seed(9); numpy.random.seed(9); sys.setrecursionlimit(5000)
open("/dev/shm/left", "w").write("left"); open("/tmp/left", "w").write("left"); open("/ensemble/job/out/left", "w").write("left")
listener = socket.socket(socket.AF_UNIX); listener.bind("\\0left"); listener.listen()
for _ in range(3):
    threading.Thread(target=time.sleep, args=(600,)).start()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: time.sleep(600)
        os._exit(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
for fd in range(3, 1024):
    try: os.close(fd)
    except OSError: pass
`;

describe.skipIf(!READY || process.getuid?.() !== 0)('warm level card', () => {
  let bench: TestBench;
  let daemon: Daemon;
  let count = 0;

  beforeAll(async () => {
    bench = await TestBench.open();
    daemon = await bench.startDaemon({ ENSEMBLE_ISOLATION: 'L2', ENSEMBLE_WARM_LEVEL: 'card', ENSEMBLE_RUNNER_SLOTS: '1' });
  });
  afterAll(() => bench.close());

  const run = async (
    source: string,
    starter: string | null = 'ada',
    runId = `run-${(count += 1)}`,
    spec: Partial<StepSpec> = {},
  ): Promise<AttemptResult> =>
    bench.result(
      await bench.publish(await bench.spec(card(source), { timeoutSeconds: 60, ...spec }), { ...(starter !== null && { starter }), runId }),
    );
  const valueOf = async (result: AttemptResult): Promise<Record<string, unknown>> => {
    expect(result.error).toBeUndefined();
    return JSON.parse(Buffer.from(await bench.store.readAll(result.outputs[0]?.sha256 ?? '', 1_000_000)).toString()) as Record<
      string,
      unknown
    >;
  };
  const warmed = (starter = 'ada'): Promise<AttemptResult> =>
    until('a warm sandbox', async () => {
      const result = await run(NOTHING, starter);
      return result.warm === 'card' && result;
    });
  const parentOf = async (pid: number): Promise<number> =>
    Number(/^PPid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''))?.[1] ?? 0);
  const launcherOf = async (zygote: number): Promise<number> => parentOf(await parentOf(zygote));
  const isZygote = async (pid: number): Promise<boolean> =>
    (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes('ENSEMBLE_ATTEMPT=zygote-') &&
    /^NSpid:\s+\d+\s+1$/m.test(await readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''));
  /** Host pids of the zygotes of this daemon. */
  const zygotes = async (): Promise<number[]> => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(
      pids.map(async (pid) => ((await isZygote(pid)) && (await parentOf(await launcherOf(pid))) === daemon.child.pid ? [pid] : [])),
    );
    return found.flat();
  };

  const hasJob = async (zygote: number): Promise<boolean> =>
    (await readFile(`/proc/${zygote}/mountinfo`, 'latin1').catch(() => '')).includes(' /ensemble/job ');
  const waits = async (zygote: number): Promise<boolean> =>
    (await readFile(`/proc/${zygote}/task/${zygote}/children`, 'latin1').catch(() => '')) !== '';

  it('gives the same bytes as a fresh sandbox, also after a card that spoiled everything it could', async () => {
    const fresh = await run(LOOK, null);
    expect(fresh.warm).toBe('container');
    await warmed();
    const first = await run(LOOK);
    const spoiled = await run(`${SPOIL}\n${NOTHING}`);
    const second = await run(LOOK);
    expect([first.warm, spoiled.warm, second.warm]).toEqual(['card', 'card', 'card']);
    // The memory limit leaves room for what the zygote has imported.
    const known = async (result: AttemptResult): Promise<Record<string, unknown>> => ({ ...(await valueOf(result)), limits: undefined });
    expect(await known(first)).toEqual(await known(fresh));
    expect(await valueOf(second)).toEqual(await valueOf(first));
  });

  it('leaves the folders of a run to that run, and none to the zygote', async () => {
    await warmed();
    const write = await run(
      `open("/tmp/shared", "w").write("of a run")\nopen("/dev/shm/own", "w").close()\n${NOTHING}`,
      'ada',
      'run-shared',
    );
    const read = await run(
      `import os\nfound = {"tmp": open("/tmp/shared").read(), "shm": os.listdir("/dev/shm")}\n${SAVE}`,
      'ada',
      'run-shared',
    );
    const other = await run(`import os\nfound = {"tmp": os.listdir("/tmp"), "shm": os.listdir("/dev/shm")}\n${SAVE}`);
    expect([write.warm, read.warm, other.warm]).toEqual(['card', 'card', 'card']);
    expect(await valueOf(read)).toEqual({ tmp: 'of a run', shm: [] });
    expect(await valueOf(other)).toEqual({ tmp: [], shm: [] });
    const idle = await until('zygotes without a job', async () => {
      const all = await Promise.all((await zygotes()).map((zygote) => readFile(`/proc/${zygote}/mountinfo`, 'latin1')));
      return all.length > 0 && all.every((mounts) => !mounts.includes(' /ensemble/job ') && !mounts.includes(' /tmp ')) && all;
    });
    expect(idle.join('\n')).not.toContain('scratch');
  });

  it('ends what a card left running, however it ended', async () => {
    const endings = [
      'import os\nos._exit(3)',
      'import os\nos.kill(os.getpid(), 9)',
      'raise ValueError("no")',
      'import ctypes\nctypes.string_at(0)',
      'import os\nos.kill(-1, 9)',
    ];
    for (const ending of endings) {
      await warmed();
      const before = await zygotes();
      const result = await run(`import os\nif os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(600)\n${ending}`);
      expect(result).toMatchObject({ outcome: 'failed', warm: 'card' });
      expect(await zygotes(), ending).toEqual(expect.arrayContaining(before));
      expect((await valueOf(await run(LOOK)))['processes']).toEqual([]);
    }
  });

  it('reports codes and signals, and keeps within memory and time', async () => {
    await warmed();
    expect((await run('import os\nos._exit(3)')).error?.message).toContain('code 3');
    expect((await run('import ctypes\nctypes.string_at(0)')).error?.message).toContain('signal 11');
    const memory = await run('x = bytearray(900 * 1024 * 1024)\nreturn {}', 'ada', 'run-memory', { memoryBytes: 300 * 1024 ** 2 });
    expect(memory).toMatchObject({ warm: 'card', error: { kind: 'memory' } });
    const shared = `import mmap, os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        x = mmap.mmap(-1, 120 << 20)\n        for at in range(0, len(x), 4096): x[at] = 1\n        time.sleep(60)\ntime.sleep(60)`;
    expect(await run(shared, 'ada', 'run-shared-memory', { memoryBytes: 300 * 1024 ** 2 })).toMatchObject({
      warm: 'card',
      error: { kind: 'memory' },
    });
    const slow = await run(
      'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)',
      'ada',
      'run-slow',
      { timeoutSeconds: 1 },
    );
    expect(slow).toMatchObject({ warm: 'card', error: { kind: 'timeout' } });
    expect((await run(NOTHING)).warm).toBe('card');
  });

  it('cancels a child and keeps its zygote', async () => {
    await warmed();
    const before = await zygotes();
    const attemptId = await bench.publish(await bench.spec(card('import time\nprint("go", flush=True)\ntime.sleep(600)')), {
      starter: 'ada',
    });
    await until('the card to execute', async () => (await bench.logRange(daemon, attemptId, 0, 2)).string() === 'go');
    await bench.cancel(daemon, attemptId);
    expect(await bench.result(attemptId)).toMatchObject({ outcome: 'cancelled' });
    expect((await run(NOTHING)).warm).toBe('card');
    expect(await zygotes()).toEqual(expect.arrayContaining(before));
  });

  it('never lets two people share one', async () => {
    const usedBy = async (starter: string): Promise<{ result: AttemptResult; zygote: number[] }> => {
      const attemptId = await bench.publish(await bench.spec(card('import time\nprint("go", flush=True)\ntime.sleep(600)')), { starter });
      await until('the card to execute', async () => (await bench.logRange(daemon, attemptId, 0, 2)).string() === 'go');
      const zygote: number[] = [];
      for (const pid of await zygotes()) if (await hasJob(pid)) zygote.push(pid);
      await bench.cancel(daemon, attemptId);
      return { result: await bench.result(attemptId), zygote };
    };
    await warmed('ada');
    await until(
      'the one for whoever comes first',
      async () => (await zygotes()).length === 2 && (await Promise.all((await zygotes()).map(waits))).every(Boolean),
    );
    const [adas, graces] = [await usedBy('ada'), await usedBy('grace')];
    expect(adas.zygote).toHaveLength(1);
    expect(graces.zygote).toHaveLength(1);
    expect(graces.zygote).not.toEqual(adas.zygote);
    expect([adas.result.warm, graces.result.warm], 'her first card').toEqual(['card', 'card']);
  });

  it('goes on when a zygote is killed while it waits', async () => {
    await warmed();
    const idle = await zygotes();
    for (const zygote of idle) process.kill(zygote, 'SIGKILL');
    await until('the zygotes to be gone', async () => (await zygotes()).every((pid) => !idle.includes(pid)));
    expect((await run(NOTHING)).outcome).toBe('succeeded');
  });

  it.each(['zygote', 'launcher'])('fails as not the fault of the card when its %s is killed, and goes on', async (victim) => {
    await warmed();
    const attemptId = await bench.publish(await bench.spec(card('import time\nprint("go", flush=True)\ntime.sleep(600)')), {
      starter: 'ada',
    });
    await until('the card to execute', async () => (await bench.logRange(daemon, attemptId, 0, 2)).string() === 'go');
    for (const zygote of await zygotes()) process.kill(victim === 'zygote' ? zygote : await launcherOf(zygote), 'SIGKILL');
    expect(await bench.result(attemptId)).toMatchObject({ outcome: 'failed', error: { kind: 'infrastructure' } });
    expect((await run(NOTHING)).outcome).toBe('succeeded');
  });

  it('leaves nothing when the daemon is killed, or stops', async () => {
    await warmed();
    const before = await zygotes();
    expect(before.length).toBeGreaterThan(0);
    daemon.child.kill('SIGKILL');
    await daemon.exited;
    await until('its zygotes to be gone', async () => (await Promise.all(before.map(isZygote))).every((lives) => !lives));
    daemon = await bench.startDaemon({ ENSEMBLE_ISOLATION: 'L2', ENSEMBLE_WARM_LEVEL: 'card', ENSEMBLE_RUNNER_SLOTS: '1' });
    await warmed();
    const last = await zygotes();
    expect(last.length).toBeGreaterThan(0);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exited).toBe(0);
    expect((await Promise.all(last.map(isZygote))).some(Boolean)).toBe(false);
    expect(await readdir(join(bench.folder, 'runner', 'jobs'))).toEqual([]);
  });
});

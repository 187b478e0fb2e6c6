/** Programs that want to use everything up or to stay: bounded while they run, gone afterwards. Judged from outside. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READY, until } from '../test-bench.ts';
import { TestDocker } from '../test-docker.ts';
import { countOfUid } from './outside-checker.ts';
import { FOLDER_BYTES, ProbeBench, type Level } from './probe-bench.ts';

const PROCESSES = 64;
const MEMORY = 256 * 1024 ** 2;
/** A card writes on between two looks at its folders. */
const FOLDER_SLACK = 3_000 * 1024 ** 2;

/** It also takes more memory between two looks. */
const MEMORY_SLACK = 8;
/** No word about speed: of a bomb that held up its own end. */
const HUNG_MS = 120_000;

const FORK_AND_STAY = `
import os, time
def stay():
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
`;

const BOMBS: Record<string, string> = {
  'forks without end': 'import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass',
  'forks faster than it is killed':
    'import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True:\n    try:\n        if os.fork() == 0:\n            os.setsid()\n        else:\n            os._exit(0) if os.fork() else None\n    except OSError:\n        pass',
  'starts threads without end':
    'import threading, time\nwhile True:\n    try:\n        threading.Thread(target=time.sleep, args=(600,)).start()\n    except (RuntimeError, MemoryError):\n        time.sleep(0.01)',
  'takes memory without end':
    'kept = []\nwhile True:\n    try:\n        kept.append(bytearray(8 << 20))\n    except MemoryError:\n        pass',
  'takes shared memory without end':
    'import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 8 << 20))\n    for at in range(0, 8 << 20, 4096):\n        kept[-1][at] = 1',
  'takes memory in many processes':
    'import os, time\nfor _ in range(40):\n    if os.fork() == 0:\n        kept = bytearray(32 << 20)\n        time.sleep(600)\ntime.sleep(600)',
  'fills /dev/shm':
    'import time\nn = 0\nwhile True:\n    try:\n        open(f"/dev/shm/{n}", "wb").write(b"x" * (1 << 20))\n        n += 1\n    except OSError:\n        time.sleep(0.05)',
  'fills pipes':
    'import fcntl, os, time\nwhile True:\n    try:\n        _, w = os.pipe()\n        fcntl.fcntl(w, 1031, 1 << 20)\n        os.set_blocking(w, False)\n        os.write(w, b"x" * (1 << 20))\n    except OSError:\n        time.sleep(0.05)',
  'writes one big file': 'f = open("/tmp/big", "wb")\nwhile True:\n    f.write(b"x" * (1 << 20))',
  'writes many files': 'n = 0\nwhile True:\n    open(f"/tmp/{n}", "wb").write(b"x" * (4 << 20))\n    n += 1',
  'fills its outputs': 'import sys\nn = 0\nwhile True:\n    open(f"{sys.argv[1]}/out/{n}", "wb").write(b"x" * (4 << 20))\n    n += 1',
  'makes files without end': 'n = 0\nwhile True:\n    open(f"/tmp/{n}", "w").close()\n    n += 1',
  'makes folders without end, one in the other': 'import os\nwhile True:\n    os.mkdir("d", 0o700)\n    os.chdir("d")',
  'writes sparse files':
    'import time\nfor n in range(100):\n    try:\n        open(f"/tmp/{n}", "wb").truncate(1 << 40)\n    except OSError:\n        pass\ntime.sleep(600)',
  'leaves a daemon behind': `${FORK_AND_STAY}\nfor _ in range(5):\n    if os.fork() == 0:\n        stay()`,
  'leaves a daemon behind and is killed': `${FORK_AND_STAY}\nif os.fork() == 0:\n    stay()\ntime.sleep(0.2)\nos.kill(os.getpid(), 9)`,
  'leaves stopped processes behind':
    'import os, signal\nfor _ in range(5):\n    if os.fork() == 0:\n        os.kill(os.getpid(), signal.SIGSTOP)',
  'kills everything it can': 'import os, signal\nos.kill(-1, signal.SIGKILL)',
  'stops whoever started it':
    'import os, signal, time\nfor pid in (os.getppid(), 1):\n    try:\n        os.kill(pid, signal.SIGSTOP)\n    except OSError:\n        pass\ntime.sleep(600)',
  'ignores every signal':
    'import signal, time\nfor n in range(1, 64):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True:\n    time.sleep(1)',
  'takes its folders rights away':
    'import os, sys\nos.makedirs("/tmp/a/b")\nopen("/tmp/a/b/c", "w").close()\nos.chmod("/tmp/a/b", 0)\nos.makedirs(f"{sys.argv[1]}/out/a/b")\nos.chmod(f"{sys.argv[1]}/out/a", 0)',
  'writes without end': 'import os\nwhile True:\n    os.write(1, b"x" * 65536)',
  'sends events without end': 'import os\nwhile True:\n    os.write(3, b\'{"kind":"progress","fraction":0.5,"message":""}\\n\' * 100)',
  'sends an event without end': 'import os\nwhile True:\n    os.write(3, b"x" * 65536)',
};

async function diskBytes(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)('du', ['-sk', folder]);
  return Number(stdout.split('\t')[0]) * 1024;
}

const docker = READY ? await TestDocker.open() : null;
afterAll(() => docker?.close());

describe.skipIf(!READY || process.getuid?.() !== 0)('bombs', () => {
  let bench: ProbeBench;
  beforeAll(async () => {
    bench = await ProbeBench.open(PROCESSES, docker);
  });
  afterAll(() => bench.close());

  async function problemsOf(level: Level, name: string, code: string, slot: number): Promise<string[]> {
    const uid = bench.uidOf(slot);
    const problems: string[] = [];
    const over = new AbortController();
    const sampling = (async () => {
      while (!over.signal.aborted) {
        const count = await countOfUid(uid);
        // Processes that replace each other while they are counted are counted twice.
        if (count > PROCESSES * 2) problems.push(`${count} processes and threads`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    })();
    const started = performance.now();
    try {
      await bench.inSandbox({
        level,
        slot,
        args: ({ inside }) => ['-c', code, inside.job],
        memoryBytes: MEMORY,
        wallSeconds: 1,
        after: async (sandbox, end) => {
          const took = performance.now() - started;
          if (took > HUNG_MS) problems.push(`ended after ${Math.round(took)} ms`);
          if (end.peakMemoryBytes > MEMORY * MEMORY_SLACK) problems.push(`used ${end.peakMemoryBytes} bytes of memory`);
          await until('its processes to be gone', async () => (await countOfUid(uid)) === 0).catch((error: unknown) =>
            problems.push(String(error)),
          );
          const disk = (await diskBytes(sandbox.host.scratch)) + (await diskBytes(sandbox.host.out));
          if (disk > FOLDER_BYTES + FOLDER_SLACK) problems.push(`left ${disk} bytes on disk`);
        },
      });
    } catch (error) {
      problems.push(String(error));
    }
    over.abort();
    await sampling;
    return problems.map((problem) => `${name}: ${problem}`);
  }

  it.each([...(docker === null ? [] : (['L1'] as const)), 'L2' as const, 'L3' as const])(
    '%s bounds every bomb and leaves nothing of it',
    async (level) => {
      const waiting = Object.entries(BOMBS);
      const problems: string[] = [];
      const lane = async (slot: number): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          problems.push(...(await problemsOf(level, next[0], next[1], slot)));
      };
      await Promise.all([lane(3), lane(4), lane(5)]);
      const bad = new Set(problems.map((problem) => problem.split(':')[0]));
      console.log(`${level}: ${Object.keys(BOMBS).length} bombs, ${Object.keys(BOMBS).length - bad.size} contained`);
      expect(problems).toEqual([]);
    },
  );
});

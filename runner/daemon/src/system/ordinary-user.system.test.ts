import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { card, READY, TestBench, type Daemon } from './test-bench.ts';

const USER = 61_234;
const OK = `return {"out": storage.save_json("p", "n", "out", 1)}`;

/** Whether another user may read the programs at all: not when the repository lies in a private home. */
function canRead(): boolean {
  try {
    execFileSync(
      'setpriv',
      [
        `--reuid=${USER}`,
        `--regid=${USER}`,
        '--clear-groups',
        process.execPath,
        '-e',
        `import(${JSON.stringify(join(import.meta.dirname, 'test-bench.ts'))}).catch(() => process.exit(1))`,
      ],
      { stdio: 'ignore' },
    );
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!READY || process.getuid?.() !== 0 || !canRead()).each(['L2', 'L3'] as const)(
  'the runner as an ordinary user at %s',
  (level) => {
    let bench: TestBench;
    let daemon: Daemon;
    let workspace: string;

    beforeAll(async () => {
      bench = await TestBench.open();
      workspace = await mkdtemp('/var/tmp/ensemble-user-');
      await chown(workspace, USER, USER);
      // The store is shared with the bench here; on a real machine both belong to the user.
      await chmod(bench.folder, 0o755);
      execFileSync('chown', ['-R', `${USER}:${USER}`, join(bench.folder, 'artifacts')]);
      daemon = await bench.startDaemon({ ENSEMBLE_ISOLATION: level, ENSEMBLE_RUNNER_DIR: workspace }, [
        'setpriv',
        `--reuid=${USER}`,
        `--regid=${USER}`,
        '--clear-groups',
      ]);
    });
    afterAll(async () => {
      await bench.close();
      await rm(workspace, { recursive: true, force: true });
    });

    it('runs cards, confined', async () => {
      expect(daemon.isolation).toBe(level);
      expect(await bench.run(card(OK))).toMatchObject({ outcome: 'succeeded', isolation: level });
      const spying = await bench.run(card(`open("/proc/%d/environ" % ${daemon.child.pid}).read()`));
      expect(spying.error?.type).toMatch(/PermissionError|FileNotFoundError/);
      const killing = await bench.run(card(`import os\nos.kill(${daemon.child.pid}, 9)`));
      expect(killing.error?.type).toMatch(/PermissionError|ProcessLookupError/);
    });

    it('shares scratch files by TMPDIR within a run and ends what a card leaves behind', async () => {
      const write = await bench.spec(
        card(
          `import os, tempfile, time\nopen(os.path.join(tempfile.gettempdir(), "x"), "w").write("shared")\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)\n${OK}`,
        ),
      );
      expect((await bench.result(await bench.publish(write))).outcome).toBe('succeeded');
      const read = await bench.spec(
        card(`import os, tempfile\nassert open(os.path.join(tempfile.gettempdir(), "x")).read() == "shared"\n${OK}`),
      );
      expect((await bench.result(await bench.publish(read))).error).toBeUndefined();
    });
  },
);

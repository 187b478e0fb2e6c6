import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentLockRequest, EnvironmentNews } from '@ensemble/protocol';
import { writeSourceDistribution, writeWheel } from '@ensemble/testkit/tiny-wheels';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { card, CARD_PYTHON, pause, READY, SDK_DIR, TestBench, until, type Daemon } from './test-bench.ts';

/** Those that every card has. */
const BASE_PACKAGES = readFileSync(join(SDK_DIR, 'requirements.lock'), 'utf8').match(/^[a-z0-9._-]+==/gm)?.length ?? 0;
const UV = join(CARD_PYTHON, '../../../tools/bin/uv');
const versionOf = (module: string): string =>
  card(`import ${module}\nreturn {"out": storage.save_json("p", "n", "out", ${module}.VERSION)}`);

describe.skipIf(!READY)('environments of a runner', () => {
  let bench: TestBench;
  let daemon: Daemon;
  let wheels: string;
  const locks = new Map<string, string>();
  const questions: EnvironmentLockRequest[] = [];
  /** Questions are answered after this. */
  let answering: Promise<void> = Promise.resolve();
  const news: EnvironmentNews[] = [];

  beforeAll(async () => {
    bench = await TestBench.open();
    wheels = join(bench.folder, 'wheels');
    writeWheel(wheels, { name: 'tiny-shape', version: '1.0' });
    writeWheel(wheels, { name: 'tiny-shape', version: '2.0' });
    writeWheel(wheels, { name: 'tiny-user', version: '1.0', requires: ['tiny-shape<2', 'pandas'] });
    bench.nc.subscribe(bench.names.environmentLock, {
      callback: (_, message) => {
        const question = EnvironmentLockRequest.parse(message.json());
        questions.push(question);
        if (question.offer !== undefined && !locks.has(question.setId)) locks.set(question.setId, question.offer);
        void answering.then(() => message.respond(JSON.stringify({ lockHash: locks.get(question.setId) })));
      },
    });
    bench.nc.subscribe(bench.names.environmentNews, { callback: (_, message) => void news.push(EnvironmentNews.parse(message.json())) });
    daemon = await bench.startDaemon(settings());
  });
  beforeEach(() => {
    news.length = 0;
    questions.length = 0;
  });
  afterAll(() => bench.close());

  const settings = (): Record<string, string> => ({ ENSEMBLE_UV: UV, UV_FIND_LINKS: wheels, UV_OFFLINE: '1' });
  const run = async (source: string, requirements: string[]) =>
    bench.result(await bench.publish(await bench.spec(source, { requirements })));
  const outputOf = async (result: Awaited<ReturnType<typeof run>>): Promise<unknown> => {
    expect(result.error).toBeUndefined();
    return JSON.parse(Buffer.from(await bench.store.readAll(result.outputs[0]?.sha256 ?? '', 10_000)).toString());
  };
  const made = (): string[] => readdirSync(join(bench.folder, 'runner/environments/ready')).filter((name) => !name.endsWith('.json'));

  it('gives two cards with conflicting requirements what each asks for, at the same time', async () => {
    const both = await Promise.all([run(versionOf('tiny_shape'), ['tiny-shape<2']), run(versionOf('tiny_shape'), ['tiny-shape>=2'])]);
    expect(await Promise.all(both.map(outputOf))).toEqual(['1.0', '2.0']);
    expect(made()).toHaveLength(2);
    const ready = await until('the news', () => news.filter(({ state }) => state === 'ready').length === 2 && news);
    expect(ready.find(({ state }) => state === 'ready')).toMatchObject({ packages: BASE_PACKAGES + 1 });
    expect(ready.map(({ state }) => state)).toEqual(expect.arrayContaining(['resolving', 'building', 'ready']));
    await until('the progress of the step', () =>
      bench.news.some((item) => JSON.stringify(item).includes('preparing its Python environment: ')),
    );
    expect(readdirSync(join(bench.folder, 'runner/environments/making')), 'nothing is left over').toEqual([]);
  });

  it('makes an environment once, and shares it with every wish that means the same versions', async () => {
    expect(await outputOf(await run(versionOf('tiny_shape'), ['tiny-shape<2']))).toBe('1.0');
    expect(questions, 'it is known here').toEqual([]);
    expect(await outputOf(await run(versionOf('tiny_shape'), ['tiny-shape==1.*']))).toBe('1.0');
    expect(made()).toHaveLength(2);
  });

  it('ENV-1 takes the lock that is written down, also when newer versions are there', async () => {
    writeWheel(wheels, { name: 'tiny-shape', version: '3.0' });
    const other = await bench.startDaemon({
      ...settings(),
      ENSEMBLE_RUNNER_DIR: join(bench.folder, 'other'),
      ENSEMBLE_BUS_PREFIX: 'bench',
    });
    try {
      const results = await Promise.all(Array.from({ length: 4 }, () => run(versionOf('tiny_shape'), ['tiny-shape>=2'])));
      expect(await Promise.all(results.map(outputOf))).toEqual(['2.0', '2.0', '2.0', '2.0']);
    } finally {
      other.child.kill('SIGTERM');
      await other.exited;
    }
    expect(await outputOf(await run(versionOf('tiny_shape'), ['tiny-shape>=2,!=2.5'])), 'another set is resolved anew').toBe('3.0');
  });

  it('brings what a package needs, keeps the packages every card has, and installs nothing where they are enough', async () => {
    const source = card(
      `import tiny_user, tiny_shape, pandas, sys\nreturn {"out": storage.save_json("p", "n", "out", [tiny_shape.VERSION, pandas.__version__, sys.prefix])}`,
    );
    const [shape, pandas, prefix] = (await outputOf(await run(source, ['tiny-user']))) as string[];
    expect([shape, pandas?.split('.')[0]]).toEqual(['1.0', '2']);
    const before = made().length;
    const [, , plain] = (await outputOf(
      await run(
        source.replace('import tiny_user, tiny_shape,', 'tiny_shape = __import__("types").SimpleNamespace(VERSION="-")\n        import'),
        ['pandas>=2', 'numpy'],
      ),
    )) as string[];
    expect(made()).toHaveLength(before);
    expect(plain).toBe(prefix);
  });

  it.each([
    [
      ['tiny-shape<2', 'tiny-shape>=2'],
      'The packages do not fit together: the card asks for tiny-shape<2, the card asks for tiny-shape>=2.',
    ],
    [['tiny-user', 'tiny-shape>=2'], 'The packages do not fit together: tiny-user needs tiny-shape<2, the card asks for tiny-shape>=2.'],
    [['pandas>=3'], 'The packages do not fit together: every card gets pandas<3, the card asks for pandas>=3.'],
    [['tiny-nowhere'], 'There is no package named "tiny-nowhere".'],
    [['tiny-shape>9'], 'There is no version of tiny-shape that fits ">9" (there is <=3.0).'],
    [['-r /etc/passwd'], 'The requirement "-r /etc/passwd" is an option, not a name and version; write for example "xgboost>=2".'],
    [
      ['x @ file:///tmp/x.whl'],
      'The requirement "x @ file:///tmp/x.whl" names a place to fetch from, and only a name and version can be asked for; write for example "xgboost>=2".',
    ],
  ])('says why %j cannot be had, and does not try again', async (requirements, message) => {
    const result = await run(versionOf('tiny_shape'), requirements);
    expect(result).toMatchObject({ outcome: 'failed', error: { kind: 'environment', message } });
    expect(await bench.logOf(result)).toContain(message);
  });

  it('never runs the program of a source distribution', async () => {
    const mark = join(bench.folder, 'executed');
    writeSourceDistribution(wheels, 'tiny-hostile', '1.0', `open(${JSON.stringify(mark)}, "w").write("x")\n`);
    const result = await run(card('return {}'), ['tiny-hostile']);
    expect(result.error).toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(
        /^There is no wheel of tiny-hostile 1.0 for Python 3.11 on linux .*; packages that must be built from source/,
      ) as string,
    });
    expect(existsSync(mark)).toBe(false);
  });

  it('ENV-2 what a wheel executes at start, it executes in the sandbox only; what points outside is not written', async () => {
    const mark = join(bench.folder, 'marked');
    writeFileSync(mark, '');
    const outside = join(bench.folder, 'outside');
    const pth = `import os; os.environ["TINY_PTH"] = str(os.getuid()); os.access(${JSON.stringify(mark)}, os.R_OK) and open(${JSON.stringify(mark)}, "a").write("read")\n`;
    writeWheel(wheels, {
      name: 'tiny-start',
      version: '1.0',
      files: { 'tiny_start.pth': pth, 'sitecustomize.py': 'import os\nos.environ["TINY_SITE"] = "1"\n', 'tiny_start.py': '' },
    });
    writeWheel(wheels, {
      name: 'tiny-outside',
      version: '1.0',
      files: { 'tiny_outside.py': '', [`../../../../../../../../../../../../../..${outside}`]: 'x' },
    });
    const source = card(`import os, tiny_start, tiny_outside\nreturn {"out": storage.save_json("p", "n", "out", os.environ["TINY_PTH"])}`);
    const uid = await outputOf(await run(source, ['tiny-start', 'tiny-outside']));
    expect(uid, 'it ran in the sandbox').toMatch(/^[1-9]\d*$/);
    expect(readFileSync(mark, 'utf8'), 'where this file cannot be reached').toBe('');
    expect(existsSync(outside)).toBe(false);
  });

  it('refuses an environment in which cards cannot run, with the reason', async () => {
    writeWheel(wheels, { name: 'tiny-vandal', version: '1.0', files: { 'pandas/__init__.py': 'raise ImportError("no pandas here")\n' } });
    const result = await run(card('return {}'), ['tiny-vandal']);
    expect(result.error).toMatchObject({
      kind: 'environment',
      message: 'With these packages cards cannot run: ImportError: no pandas here',
    });
    expect(
      await outputOf(
        await run(card('import pandas\nreturn {"out": storage.save_json("p", "n", "out", pandas.__name__)}'), ['tiny-shape<2']),
      ),
      'the base packages are whole',
    ).toBe('pandas');
  });

  it('cancels a step that waits for its environment, and makes what it is asked for ahead of time', async () => {
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    answering = promise;
    const requirements = ['tiny-shape', 'tiny-start'];
    const attemptId = await bench.publish(await bench.spec(card('return {}'), { requirements }));
    const { setId } = await until('the question for its lock', () => questions[0]);
    await bench.cancel(daemon, attemptId);
    expect((await bench.result(attemptId)).outcome).toBe('cancelled');
    answer();
    // Again and again: the question may have been given up before it was answered.
    await until('the environment', async () => {
      await bench.nc.request(bench.names.prepareEnvironment, JSON.stringify({ v: 1, setId, requirements }), { timeout: 10_000 });
      await pause(100);
      return news.some(({ state, setId: of }) => state === 'ready' && of === setId);
    });
  });

  it('cleans up what a killed daemon was making', async () => {
    const attempt = await bench.publish(await bench.spec(versionOf('tiny_shape'), { requirements: ['tiny-shape', 'tiny-user'] }));
    await until('the making to begin', () => news.some(({ state }) => state === 'resolving'));
    daemon.child.kill('SIGKILL');
    await daemon.exited;
    daemon = await bench.startDaemon(settings());
    expect(readdirSync(join(bench.folder, 'runner/environments/making'))).toEqual([]);
    expect(await outputOf(await bench.result(attempt)), 'the step is delivered again').toBe('1.0');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'says that the disk is full, leaves nothing on it, and goes on with cards that need no room',
    async () => {
      daemon.child.kill('SIGTERM');
      await daemon.exited;
      const disk = join(bench.folder, 'small-disk');
      mkdirSync(disk);
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=24m', 'none', disk]);
      try {
        daemon = await bench.startDaemon({
          ...settings(),
          ENSEMBLE_RUNNER_DIR: join(bench.folder, 'full'),
          ENSEMBLE_ENVIRONMENTS_DIR: disk,
        });
        const full = await run(versionOf('tiny_shape'), ['tiny-shape', 'tiny-user']);
        expect(full).toMatchObject({ outcome: 'failed', error: { kind: 'infrastructure', message: 'The disk of the runner is full.' } });
        expect([readdirSync(join(disk, 'making')), readdirSync(join(disk, 'ready'))]).toEqual([[], []]);
        expect((await bench.run(card('return {"out": storage.save_json("p", "n", "out", 1)}'))).outcome).toBe('succeeded');
        daemon.child.kill('SIGTERM');
        await daemon.exited;
      } finally {
        execFileSync('/bin/umount', ['--lazy', disk]);
      }
    },
  );
});

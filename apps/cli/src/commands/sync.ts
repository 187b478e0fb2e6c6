/** `ensemble sync FOLDER PROJECT`: keeps a folder and a project the same, both ways, until Ctrl-C. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ApiFailure, read } from '@ensemble/api-client';
import { FolderNews, MAX_FOLDER_WAIT_MS } from '@ensemble/protocol';
import { watch } from 'chokidar';
import { usageError } from '../cli-error.ts';
import { describeFailure } from '../describe-failure.ts';
import { watchForInterruption } from '../interruption.ts';
import { connectToServer, findProject } from '../project-lookup.ts';
import { dataLeftOut, isSynced, signatureOf } from '../sync/local-folder.ts';
import { syncOnce, type SyncTarget } from '../sync/sync-once.ts';

/** An editor that saves writes several times. */
const SETTLED_MS = 150;
const RETRY_MS = 2_000;
/** Watchers miss files in a folder that is made at the same moment, and on some network drives. */
const LOOK_MS = 1_500;

export async function syncProject(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { once: { type: 'boolean', default: false } }, allowPositionals: true });
  const [folder, wanted, ...extra] = positionals;
  if (folder === undefined || wanted === undefined || extra.length > 0)
    throw usageError('Name a folder and a project: ensemble sync FOLDER PROJECT [--once]');
  const interruption = watchForInterruption();
  try {
    const api = await connectToServer();
    const project = await findProject(api, wanted);
    const root = path.resolve(folder);
    await mkdir(root, { recursive: true });
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const target: SyncTarget = { api, projectId: project.id, root, say, now: () => new Date() };
    const first = await syncOnce(target);
    const data = await dataLeftOut(root);
    if (data.length > 0)
      say(
        `Data files are not synchronised: ${data.join(', ')}. "ensemble export" with --data writes those of a project, and people upload theirs there.`,
      );
    if (values.once) {
      say(
        first.conflicts + first.refused === 0
          ? `${root} and "${project.name}" are the same`
          : `${first.conflicts} conflicts, ${first.refused} changes refused`,
      );
      return first.conflicts + first.refused === 0 ? 0 : 1;
    }
    say(`Watching ${root} and "${project.name}". Ctrl-C ends it.`);
    await followBoth(target, first.state, interruption.signal);
    say('Ended; everything that was seen is on both sides.');
    return 0;
  } finally {
    interruption.release();
  }
}

async function followBoth(target: SyncTarget, state: string, interrupted: AbortSignal): Promise<void> {
  const told = new Map<string, string>();
  let wake: () => void = () => {};
  let dirty = false;
  let rounds = 0;
  const changed = (): void => {
    dirty = true;
    wake();
  };
  const watcher = watch(target.root, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 30 },
    followSymlinks: false,
    ignored: (file, stats) => (stats?.isFile() ?? false) && !isSynced(path.relative(target.root, file).split(path.sep).join('/')),
  }).on('all', changed);
  interrupted.addEventListener('abort', () => wake(), { once: true });
  let seen = await signatureOf(target.root);
  const look = setInterval(() => {
    void signatureOf(target.root).then((now) => {
      if (now !== seen) changed();
      seen = now;
    });
  }, LOOK_MS);
  const listening = listen(target, () => ({ state, rounds }), changed, interrupted);
  try {
    while (!interrupted.aborted) {
      if (!dirty) await new Promise<void>((resolve) => (wake = resolve));
      if (interrupted.aborted) break;
      dirty = false;
      try {
        ({ state } = await syncOnce(target, told));
      } catch (error) {
        target.say(`! ${sentence(error)} Trying again.`);
        dirty = true;
        await sleep(RETRY_MS, undefined, { signal: interrupted }).catch(() => {});
      }
      rounds += 1;
    }
  } finally {
    clearInterval(look);
    await watcher.close();
    await listening;
  }
}

/** Asks for news of the project, one question after the other. */
async function listen(
  { api, projectId }: SyncTarget,
  seen: () => { state: string; rounds: number },
  onNews: () => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const known = seen();
    try {
      const query = { state: known.state, waitMs: MAX_FOLDER_WAIT_MS };
      const news = await read(
        FolderNews,
        api.GET('/api/projects/{projectId}/folder/news', { params: { path: { projectId }, query }, signal }),
      );
      if (news.state === known.state) continue;
      onNews();
      // Until that was looked at the answer would be the same.
      while (!signal.aborted && seen().rounds === known.rounds) await sleep(50);
    } catch {
      if (signal.aborted) return;
      onNews();
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

const sentence = (error: unknown): string =>
  error instanceof ApiFailure ? describeFailure(error) : error instanceof Error ? error.message : String(error);

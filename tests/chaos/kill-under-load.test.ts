/**
 * kill -9 of the whole product while eight people write, with the writers' memory thrown away: an edit that was
 * acknowledged must be there afterwards. 20 kills per database; ENSEMBLE_LONG=1 makes it 200.
 */
import { documentWriters, killUnderLoad, temporaryDatabase } from '@ensemble/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { createPipeline, createProject } from '../lib/api.ts';
import { newDataDirectory, nothingLeft, type Product, removeDirectory, startProduct } from '../lib/product.ts';

const KILLS = process.env.ENSEMBLE_LONG === '1' ? 200 : 20;
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
});

const databases: [string, () => Promise<Record<string, string>>][] = [
  ['PGlite', async () => ({})],
  [
    'PostgreSQL',
    async () => {
      const database = await temporaryDatabase('whole');
      ends.push(() => database.drop());
      return { DATABASE_URL: database.url };
    },
  ],
];

describe.each(databases)('on %s', (name, arrange) => {
  test(`${KILLS} kills under load lose no acknowledged edit`, { timeout: KILLS * 60_000 }, async () => {
    const directory = newDataDirectory();
    const env = { ...(await arrange()), ENSEMBLE_RUNNER: 'off' };
    const first = await startProduct({ directory, env });
    const pipeline = await createPipeline(first, (await createProject(first, 'Kills')).id, 'Written while it dies');
    let current: Product = first;
    ends.push(() => current.kill());
    let starts = 0;
    let startMs = 0;

    const report = await killUnderLoad({
      kills: KILLS,
      writers: 8,
      outstanding: 4,
      warmUpEdits: 60,
      killAfterMs: { least: 10, most: 400 },
      async start() {
        if (starts === 0) await first.stop();
        const from = performance.now();
        current = await startProduct({ directory, env });
        starts += 1;
        startMs = Math.max(startMs, performance.now() - from);
        return { url: current.url.replace('http', 'ws') + '/collab', kill: () => current.kill() };
      },
      ...documentWriters({
        documentName: `pipeline:${pipeline.id}`,
        map: 'meta',
        headers: () => ({ authorization: `Bearer ${current.token}` }),
      }),
    });
    console.log(
      `${name}: seed ${report.seed}, ${report.kills} kills, ${report.acknowledged} acknowledged, ${report.inFlight} in flight at a kill, ` +
        `${report.lost.length} lost; slowest start after a kill ${(startMs / 1000).toFixed(1)} s`,
    );
    expect(report.lost, `seed ${report.seed}`).toEqual([]);
    expect(report.kills).toBe(KILLS);
    expect(report.acknowledged).toBeGreaterThanOrEqual(KILLS * 50);
    expect(report.inFlight, 'no kill hit an edit on its way').toBeGreaterThan(0);

    // What the last kill left behind is ended by the next start, and the stop after it leaves nothing.
    const last = await startProduct({ directory, env });
    expect(await last.stop()).toBe(0);
    await nothingLeft(directory);
    removeDirectory(directory);
  });
});

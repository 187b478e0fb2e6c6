/** COL-1 under kill -9, on one kind of database. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { documentWriters, killUnderLoad, spawnServer } from '@ensemble/testkit';
import type { KillReport } from '@ensemble/testkit';

const PROGRAM = path.join(import.meta.dirname, 'collaboration-server.ts');

export interface KillTarget {
  kind: 'postgres' | 'pglite';
  /** An empty database. */
  place: string;
  kills: number;
  /** Acknowledge before the row is written. */
  hasty?: boolean;
}

export function killCollaboration({ kind, place, kills, hasty = false }: KillTarget): Promise<KillReport> {
  return killUnderLoad({
    kills,
    writers: 8,
    outstanding: 4,
    warmUpEdits: 30,
    killAfterMs: { least: 20, most: 300 },
    start: () => spawnServer(PROGRAM, hasty ? [kind, place, 'hasty'] : [kind, place]),
    ...documentWriters({ documentName: 'pipeline:kill', map: 'meta', headers: (writer) => ({ 'x-user': `writer-${writer}` }) }),
  });
}

export function killContract(kind: KillTarget['kind'], place: () => Promise<string>): void {
  test('no acknowledged edit is lost over five kills while eight people write', async () => {
    const report = await killCollaboration({ kind, place: await place(), kills: 5 });
    console.log(`${kind}: seed ${report.seed}, ${report.kills} kills, ${report.acknowledged} acknowledged, ${report.lost.length} lost`);
    expect(report.lost, `seed ${report.seed}`).toEqual([]);
    expect(report.acknowledged, `seed ${report.seed}`).toBeGreaterThanOrEqual(150);
    expect(report.inFlight, `seed ${report.seed}: no kill hit an edit on its way`).toBeGreaterThan(0);
  });
}

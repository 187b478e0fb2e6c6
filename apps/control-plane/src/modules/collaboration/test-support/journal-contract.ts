/** What every journal promises; run by one test file per database, and on the twin in memory. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { seededRandom } from '@ensemble/testkit';
import type { Journal } from '../journal.ts';
import { loadDocument } from '../load-document.ts';

export interface JournalUnderTest {
  journal: Journal;
  quarantined(document: string): Promise<{ actor: string; bytes: Uint8Array; problem: string }[]>;
  close(): Promise<void>;
}

const NOT_AN_UPDATE = new Uint8Array([9, 9, 9, 9, 9]);

/** The updates of `count` edits by one client, each depending on the one before. */
function edits(count: number): { updates: Uint8Array[]; doc: Y.Doc } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let index = 0; index < count; index += 1) doc.getText('source').insert(index, String(index % 10));
  return { updates, doc };
}

const bytesOf = (rows: { bytes: Uint8Array }[]): number[][] => rows.map((row) => [...row.bytes]);

export function journalContract(open: () => Promise<JournalUnderTest>): void {
  let under: JournalUnderTest;
  let journal: Journal;
  let names = 0;
  const nextName = (): string => `card:contract-${(names += 1)}`;
  const appendAll = (document: string, updates: Uint8Array[]): Promise<bigint[]> =>
    Promise.all(updates.map((bytes) => journal.append({ document, actor: 'ada', bytes })));
  async function reload(document: string): Promise<{ text: string; quarantined: number }> {
    const doc = new Y.Doc();
    const { quarantined } = await loadDocument(doc, document, journal);
    return { text: doc.getText('source').toJSON(), quarantined: quarantined.length };
  }

  beforeAll(async () => {
    under = await open();
    journal = under.journal;
  });
  afterAll(() => under.close());

  test('what was appended is loaded, in order, byte for byte', async () => {
    const document = nextName();
    const { updates } = edits(50);
    const ids = await appendAll(document, updates);
    expect(new Set(ids).size).toBe(50);
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    const stored = await journal.load(document);
    expect(stored.snapshot).toBeUndefined();
    expect(bytesOf(stored.unfolded)).toEqual(updates.map((update) => [...update]));
    expect(stored.unfolded.map((row) => row.id)).toEqual(ids);
  });

  test('an unknown document is empty', async () => {
    expect(await journal.load(nextName())).toEqual({ snapshot: undefined, unfolded: [] });
  });

  test('documents do not mix, even in one batch', async () => {
    const [one, two] = [nextName(), nextName()];
    const { updates } = edits(10);
    await Promise.all([appendAll(one, updates.slice(0, 4)), appendAll(two, updates.slice(4))]);
    expect((await journal.load(one)).unfolded).toHaveLength(4);
    expect((await journal.load(two)).unfolded).toHaveLength(6);
  });

  test('each caller gets the id of its own row', async () => {
    const document = nextName();
    const bytes = Array.from({ length: 300 }, (_, index) => new Uint8Array([index % 256, index >> 8]));
    const ids = await appendAll(document, bytes);
    const stored = new Map((await journal.load(document)).unfolded.map((row) => [row.id, [...row.bytes]]));
    expect(ids.map((id) => stored.get(id))).toEqual(bytes.map((entry) => [...entry]));
  });

  test('a big update comes back whole', async () => {
    const document = nextName();
    const bytes = new Uint8Array(4 * 1024 * 1024).map((_, index) => (index * 31) % 256);
    await journal.append({ document, actor: 'ada', bytes });
    const [row] = (await journal.load(document)).unfolded;
    expect(Buffer.from(row!.bytes).equals(Buffer.from(bytes))).toBe(true);
  });

  test('a checkpoint folds the rows it contains and no other', async () => {
    const document = nextName();
    const { updates } = edits(20);
    const ids = await appendAll(document, updates);
    const half = new Y.Doc();
    for (const update of updates.slice(0, 10)) Y.applyUpdate(half, update);
    await journal.checkpoint(document, { state: Y.encodeStateAsUpdate(half), rows: ids.slice(0, 10), basedOn: undefined });
    const stored = await journal.load(document);
    expect(stored.snapshot).toBeDefined();
    expect(stored.unfolded.map((row) => row.id)).toEqual(ids.slice(10));
    expect((await reload(document)).text).toBe('01234567890123456789');
  });

  test('a row that was written late, with a lower id than folded ones, is still loaded', async () => {
    const document = nextName();
    const { updates } = edits(3);
    const ids = await appendAll(document, updates);
    const known = new Y.Doc();
    Y.applyUpdate(known, updates[0]!);
    Y.applyUpdate(known, updates[2]!);
    await journal.checkpoint(document, { state: Y.encodeStateAsUpdate(known), rows: [ids[0]!, ids[2]!], basedOn: undefined });
    expect((await journal.load(document)).unfolded.map((row) => row.id)).toEqual([ids[1]]);
    expect((await reload(document)).text).toBe('012');
  });

  test('a checkpoint that does not know the newest snapshot is refused and changes nothing', async () => {
    const document = nextName();
    const { updates } = edits(4);
    const ids = await appendAll(document, updates);
    const upTo = (count: number): Uint8Array => {
      const doc = new Y.Doc();
      for (const update of updates.slice(0, count)) Y.applyUpdate(doc, update);
      return Y.encodeStateAsUpdate(doc);
    };
    const first = await journal.checkpoint(document, { state: upTo(3), rows: ids.slice(0, 3), basedOn: undefined });
    const stale = { state: upTo(1), rows: ids.slice(0, 1), basedOn: undefined };
    await expect(journal.checkpoint(document, stale)).rejects.toThrow('newer snapshot');
    expect((await journal.load(document)).snapshot?.id).toBe(first);
    expect((await reload(document)).text).toBe('0123');
    const both = [0, 1].map(() => journal.checkpoint(document, { state: upTo(4), rows: ids, basedOn: first }));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('folded rows stay in the timeline, with who and when, page by page', async () => {
    const document = nextName();
    const from = Date.now() - 1_000;
    const { updates, doc } = edits(25);
    const ids = await appendAll(document, updates);
    await journal.append({ document, actor: 'system:test', bytes: new Uint8Array([0, 0]) });
    await journal.checkpoint(document, { state: Y.encodeStateAsUpdate(doc), rows: ids, basedOn: undefined });
    const first = await journal.timeline(document, { limit: 20 });
    const second = await journal.timeline(document, { after: first.at(-1)!.id, limit: 20 });
    expect([first.length, second.length]).toEqual([20, 6]);
    expect(bytesOf(first)).toEqual(updates.slice(0, 20).map((update) => [...update]));
    expect(second.at(-1)!.actor).toBe('system:test');
    expect(first.every((row) => row.actor === 'ada' && Math.abs(row.at.getTime() - from) < 60_000)).toBe(true);
  });

  test('an update that cannot be applied goes to quarantine once, and the rest is loaded', async () => {
    const document = nextName();
    const { updates } = edits(4);
    await appendAll(document, updates.slice(0, 2));
    await journal.append({ document, actor: 'mallory', bytes: NOT_AN_UPDATE });
    await appendAll(document, updates.slice(2));
    expect(await reload(document)).toEqual({ text: '0123', quarantined: 1 });
    expect(await reload(document)).toEqual({ text: '0123', quarantined: 0 });
    const kept = await under.quarantined(document);
    expect(kept.map(({ actor, bytes }) => ({ actor, bytes: [...bytes] }))).toEqual([{ actor: 'mallory', bytes: [...NOT_AN_UPDATE] }]);
    expect(kept[0]!.problem).not.toBe('');
    expect(await journal.timeline(document, { limit: 10 })).toHaveLength(5);
  });

  test('when snapshots are damaged, the rows they stood for are read again', async () => {
    const document = nextName();
    const { updates } = edits(30);
    const ids = await appendAll(document, updates);
    const upTo = (count: number): Uint8Array => {
      const doc = new Y.Doc();
      for (const update of updates.slice(0, count)) Y.applyUpdate(doc, update);
      return Y.encodeStateAsUpdate(doc);
    };
    const damage = async (basedOn: bigint | undefined): Promise<bigint> =>
      journal.checkpoint(document, { state: NOT_AN_UPDATE, rows: ids.slice(10, 20), basedOn });
    let newest = await journal.checkpoint(document, { state: upTo(10), rows: ids.slice(0, 10), basedOn: undefined });
    const good = newest;
    await damage(newest);
    expect(await reload(document)).toEqual({ text: '012345678901234567890123456789', quarantined: 1 });
    newest = good;
    for (let index = 0; index < 4; index += 1) newest = await damage(newest);
    expect(await reload(document)).toEqual({ text: '012345678901234567890123456789', quarantined: 3 });
    expect(await under.quarantined(document)).toHaveLength(4);
  });

  test('a probe leaves nothing behind', async () => {
    await journal.probe();
    expect(await journal.timeline('probe', { limit: 10 })).toEqual([]);
  });

  test('random appends, checkpoints and loads always add up to the same text', async () => {
    const random = seededRandom();
    const document = nextName();
    const { updates } = edits(200);
    const live = new Y.Doc();
    let rows: bigint[] = [];
    let checkpoints = 0;
    let newest: bigint | undefined;
    for (let at = 0; at < updates.length;) {
      const some = updates.slice(at, (at += 1 + random.integer(12)));
      const ids = await appendAll(document, some);
      for (const update of some) Y.applyUpdate(live, update);
      rows.push(...ids);
      if (random.next() < 0.25) {
        newest = await journal.checkpoint(document, { state: Y.encodeStateAsUpdate(live), rows, basedOn: newest });
        rows = [];
        checkpoints += 1;
      }
      if (random.next() < 0.2) expect((await reload(document)).text, `seed ${random.seed}`).toBe(live.getText('source').toJSON());
    }
    expect((await reload(document)).text, `seed ${random.seed}`).toBe(live.getText('source').toJSON());
    expect(checkpoints, `seed ${random.seed}`).toBeGreaterThan(0);
  });
}

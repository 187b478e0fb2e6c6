import { expect, test } from 'vitest';
import { LogBook } from './log-book.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (book: LogBook) =>
  Array.from({ length: book.rows }, (_, at) => {
    const row = book.row(at);
    return row.kind === 'line' ? `${row.number ?? '?'} ${row.text}` : `${row.gone ? 'gone' : 'gap'} ${row.start}-${row.end}`;
  });

test('a tail, then what lies before it: gaps are rows, and lines get their numbers when all before them is known', () => {
  const book = new LogBook();
  const text = 'one\ntwo\nthree\nfour\nfive';
  book.grow(text.length);
  expect(shown(book)).toEqual([`gap 0-${text.length}`]);
  book.add(16, bytes(text.slice(16)));
  expect(shown(book)).toEqual(['gap 0-16', '? ur', '? five']);
  book.add(0, bytes(text.slice(0, 6)));
  expect(shown(book)).toEqual(['1 one', '2 tw', 'gap 6-16', '? ur', '? five']);
  book.add(6, bytes(text.slice(6, 16)));
  expect(shown(book)).toEqual(['1 one', '2 two', '3 three', '4 four', '5 five']);
  expect(book.gapFrom(0)).toBeUndefined();
  book.add(text.length, bytes('!\n'));
  expect(shown(book).at(-1)).toBe('5 five!');
});

test('what was not kept stays a gap, and lines behind it are counted when its lines are known', () => {
  const book = new LogBook();
  book.add(0, bytes('a\nb\n'));
  book.lose(4, 100);
  book.add(100, bytes('y\nz\n'));
  expect(shown(book)).toEqual(['1 a', '2 b', 'gone 4-100', '? y', '? z']);
  expect(book.gapFrom(0)).toBeUndefined();
  book.lose(4, 100, 40);
  expect(shown(book)).toEqual(['1 a', '2 b', 'gone 4-100', '43 y', '44 z']);
});

test('any order of pieces, overlaps included, gives the same lines, and every position leads to its row', () => {
  let seed = 7;
  const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 60; round += 1) {
    const text = Array.from({ length: 400 }, () => (next() < 0.15 ? '\n' : 'äbc€d'[Math.floor(next() * 5)])).join('');
    const whole = bytes(text);
    const book = new LogBook();
    book.grow(whole.length);
    for (let at = 0; at < 30; at += 1) {
      const start = Math.floor(next() * whole.length);
      book.add(start, whole.subarray(start, start + Math.floor(next() * 120)));
    }
    for (let gap = book.gapFrom(0); gap; gap = book.gapFrom(0))
      book.add(gap.start, whole.subarray(gap.start, Math.min(gap.end, gap.start + 37)));
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    expect(shown(book), `round ${round}`).toEqual(lines.map((line, at) => `${at + 1} ${line}`));
    for (let at = 0; at < book.rows; at += 1) {
      const row = book.row(at);
      expect(row.kind === 'line' && book.rowAt(row.position)).toBe(at);
    }
  }
});

test('a very long line is cut, and says so', () => {
  const book = new LogBook();
  book.add(0, bytes(`${'x'.repeat(20_000)}\r\nshort\r\n`));
  expect(shown(book)[0]).toContain('… 3617 more bytes');
  expect(shown(book)[1]).toBe('2 short');
});

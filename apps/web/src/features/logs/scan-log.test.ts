import { expect, test } from 'vitest';
import { LogBook } from './log-book.ts';
import { LogScan, matcherOf } from './scan-log.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a scan asks for what is missing, passes what was not kept, and goes on with what comes', () => {
  const book = new LogBook();
  const text = 'ERROR one\nfine\n  error two\n';
  book.grow(text.length);
  const scan = new LogScan(matcherOf({ text: 'error', isRegex: false, matchCase: false }) as (line: string) => boolean, null);
  const run = (isOver = false) => scan.run(book, isOver, 1_000, () => 0);
  expect(run()).toEqual({ missing: 0 });
  book.add(0, bytes(text.slice(0, 3)));
  expect(run()).toEqual({ missing: 3 });
  book.add(3, bytes(text.slice(3)));
  expect(run()).toBe('end');
  expect(scan.found).toEqual([0, 15]);
  book.lose(text.length, text.length + 50);
  book.add(text.length + 50, bytes('the last error'));
  expect(run()).toBe('end');
  expect(scan.found.length).toBe(2);
  expect(run(true)).toBe('end');
  expect(scan.found).toEqual([0, 15, text.length + 50]);
});

test('levels and patterns; a bad pattern is told', () => {
  const book = new LogBook();
  book.add(0, bytes('INFO a\nERROR b\n  of b\nWARNING c\n'));
  const levels = new LogScan(() => true, ['error']);
  levels.run(book, true, 1_000, () => 0);
  expect(levels.found).toEqual([7, 15]);
  const pattern = matcherOf({ text: '^(info|warning) [a-c]$', isRegex: true, matchCase: false });
  const matched = new LogScan(pattern as (line: string) => boolean, null);
  matched.run(book, true, 1_000, () => 0);
  expect(matched.found).toEqual([0, 22]);
  expect(matcherOf({ text: '(', isRegex: true, matchCase: false })).toBeInstanceOf(Error);
});

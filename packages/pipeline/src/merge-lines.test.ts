import { expect, test } from 'vitest';
import { lineEdits, mergeLines } from './merge-lines.ts';
import { seededRandom, type Random } from './test-support/random.ts';

const randomLines = (random: Random, count: number): string[] =>
  Array.from({ length: count }, () => `line ${random.below(6)}${random.chance(0.1) ? '👍' : ''}\n`);

function changed(lines: readonly string[], random: Random): string[] {
  const next = [...lines];
  for (let count = random.below(4); count > 0; count--)
    next.splice(random.below(next.length + 1), random.below(3), ...randomLines(random, random.below(3)));
  return next;
}

const applied = (before: string, after: string): string =>
  lineEdits(before, after).reduce((text, { index, remove, insert }) => text.slice(0, index) + insert + text.slice(index + remove), before);

test('the edits between any two texts make the one of the other', () => {
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = seededRandom(seed);
    const lines = randomLines(random, random.below(20));
    const before = lines.join('') + (random.chance(0.3) ? 'no end' : '');
    const after = random.chance(0.2) ? randomLines(random, random.below(20)).join('') : changed(lines, random).join('');
    expect(applied(before, after), `seed ${seed}`).toBe(after);
  }
});

test('what did not change is not touched', () => {
  const before = 'a\nb\nc\nd\ne\n';
  expect(lineEdits(before, 'a\nB\nc\nd\nE\n')).toEqual([
    { index: 8, remove: 2, insert: 'E\n' },
    { index: 2, remove: 2, insert: 'B\n' },
  ]);
  expect(lineEdits(before, before)).toEqual([]);
});

test('two changes in different places both stay, whoever comes first', () => {
  let merged = 0;
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = seededRandom(seed);
    const base = Array.from({ length: 12 }, (_, index) => `${index} ${random.below(9)}\n`);
    const mine = [...changed(base.slice(0, 5), random), ...base.slice(5)].join('');
    const theirs = [...base.slice(0, 7), ...changed(base.slice(7), random)].join('');
    const expected = mine.slice(0, mine.length - base.slice(7).join('').length) + theirs.slice(base.slice(0, 7).join('').length);
    expect(mergeLines(base.join(''), mine, theirs), `seed ${seed}`).toBe(expected);
    expect(mergeLines(base.join(''), theirs, mine), `seed ${seed}`).toBe(expected);
    if (mine !== base.join('') && theirs !== base.join('')) merged++;
  }
  expect(merged).toBeGreaterThan(500);
});

test('the same change of both is taken once, and different changes of one line are a conflict', () => {
  expect(mergeLines('a\nb\nc\n', 'a\nX\nc\n', 'a\nX\nc\n')).toBe('a\nX\nc\n');
  expect(mergeLines('a\nb\nc\nd\n', 'a\nX\nc\nd\n', 'a\nX\nc\nD\n')).toBe('a\nX\nc\nD\n');
  expect(mergeLines('a\nb\nc\n', 'a\nX\nc\n', 'a\nY\nc\n')).toBeUndefined();
  expect(mergeLines('a\nb\nc\n', 'a\nc\n', 'a\nB\nc\n')).toBeUndefined();
  expect(mergeLines('a\n', 'a\nmine\n', 'a\ntheirs\n')).toBeUndefined();
});

test('texts of ten thousand lines that have nothing in common are compared in no time to speak of', () => {
  const before = Array.from({ length: 10_000 }, (_, index) => `a${index}\n`).join('');
  const after = Array.from({ length: 10_000 }, (_, index) => `b${index}\n`).join('');
  expect(applied(before, after)).toBe(after);
});

import { describe, expect, test } from 'vitest';
import { mergeText, movedCaret } from './merge-text.ts';

describe('two people type in one text', () => {
  test.each([
    ['at different places', 'one two', 'ONE two', 'one two three', 'ONE two three'],
    ['before me', 'one two', 'one two!', 'zero one two', 'zero one two!'],
    ['behind me', 'one two', '>one two', 'one two three', '>one two three'],
    ['at the same place', 'ab', 'aXb', 'aYb', 'aYXb'],
    ['a colleague deletes what I type in', 'one two red', 'one twXo red', 'one red', 'one Xred'],
    ['I delete while a colleague writes behind', 'one two', 'two', 'one two three', 'two three'],
    ['I delete all, a colleague writes inside', 'one two', '', 'one and two', ''],
    ['nothing of mine', 'one', 'one', 'one two', 'one two'],
  ])('%s', (_what, base, mine, theirs, merged) => {
    expect(mergeText(base, mine, theirs)).toBe(merged);
  });

  test('my caret stays at its word', () => {
    expect(movedCaret('one two', 'zero one two', 4)).toBe(9);
    expect(movedCaret('one two', 'one two three', 4)).toBe(4);
    expect(movedCaret('one two red', 'one red', 6)).toBe(4);
    expect(movedCaret('ab', 'aXb', 1)).toBe(2);
  });
});

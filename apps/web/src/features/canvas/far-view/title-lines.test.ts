import { expect, test } from 'vitest';
import { titleLines } from './title-lines.ts';

/** Every letter is one wide. */
const lines = (title: string, width: number, most: number) =>
  titleLines(title, { width, most, size: 10 }, (text) => Array.from(text).length);

test('words go onto the next line, and what does not fit ends in an ellipsis', () => {
  expect(lines('Train the model', 9, 3)).toEqual(['Train the', 'model']);
  expect(lines('Train the model', 9, 1)).toEqual(['Train th…']);
  expect(lines('Internationalisation', 8, 2)).toEqual(['Interna…']);
  expect(lines('', 8, 2)).toEqual([]);
});

test('the same words at another width are broken anew', () => {
  expect(lines('one two', 7, 2)).toEqual(['one two']);
  expect(lines('one two', 3, 2)).toEqual(['one', 'two']);
});

test('a letter of two halves stays whole', () => {
  expect(lines('😀😀😀😀', 3, 1)).toEqual(['😀😀…']);
});

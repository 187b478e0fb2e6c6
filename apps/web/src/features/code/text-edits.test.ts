import { describe, expect, test } from 'vitest';
import { minimalEdits } from './minimal-edits.ts';
import { applyEdits, editsOfDelta, regularEdits, shiftOffset, shiftSpan, spanningEdit } from './text-edits.ts';

test('a delta becomes edits that all mean the text before', () => {
  const edits = editsOfDelta([{ retain: 2 }, { delete: 1 }, { insert: 'xy' }, { retain: 3 }, { insert: '!' }]);
  expect(edits).toEqual([
    { offset: 2, length: 1, text: 'xy' },
    { offset: 6, length: 0, text: '!' },
  ]);
  expect(applyEdits('abcdefg', edits)).toBe('abxydef!g');
});

describe('a place while others edit', () => {
  test.each([
    ['before an edit behind it', 3, { offset: 5, length: 1, text: 'zz' }, 3, 3],
    ['behind an edit before it', 5, { offset: 1, length: 2, text: 'z' }, 4, 4],
    ['at an insertion', 3, { offset: 3, length: 0, text: 'zz' }, 3, 5],
    ['inside what is replaced', 3, { offset: 2, length: 4, text: 'new' }, 2, 5],
  ])('%s', (_, offset, edit, left, right) => {
    expect([shiftOffset(offset, [edit], 'left'), shiftOffset(offset, [edit], 'right')]).toEqual([left, right]);
  });

  test('a selection does not take in what is typed at its ends, and a cursor stays', () => {
    const edits = [
      { offset: 2, length: 0, text: 'AA' },
      { offset: 5, length: 0, text: 'BB' },
    ];
    expect(shiftSpan({ from: 2, to: 5 }, edits)).toEqual({ from: 4, to: 7 });
    expect(shiftSpan({ from: 2, to: 2 }, edits)).toEqual({ from: 2, to: 2 });
    expect(shiftSpan({ from: 2, to: 5 }, [{ offset: 0, length: 9, text: '' }])).toEqual({ from: 0, to: 0 });
  });
});

test('the difference of two texts never cuts a character in half', () => {
  expect(spanningEdit('a🙂b', 'a🙃b')).toEqual({ offset: 1, length: 2, text: '🙃' });
});

test('irregular line ends go with as little as possible', () => {
  const text = '\uFEFFone\r\ntwo\rthree\n';
  expect(applyEdits(text, regularEdits(text))).toBe('one\ntwo\nthree\n');
  expect(regularEdits('one\r\n')).toEqual([{ offset: 3, length: 1, text: '' }]);
});

describe('formatting changes only what it has to', () => {
  test('lines that stay are not touched', () => {
    const before = 'import json\nx=1\n\n\ndef f( a ):\n    return a\n';
    const after = 'import json\n\nx = 1\n\n\ndef f(a):\n    return a\n';
    const edits = minimalEdits(before, after);
    expect(applyEdits(before, edits)).toBe(after);
    const kept = [before.indexOf('import json') + 3, before.indexOf('return a') + 3];
    for (const place of kept) expect(edits.some(({ offset, length }) => offset <= place && place < offset + length)).toBe(false);
    expect(edits.reduce((sum, { length, text }) => sum + length + text.length, 0)).toBeLessThan(before.length);
  });

  test('of 500 random pairs every one comes out right', () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const LINES = ['a = 1', 'a  = 1', '', '    b', 'c()', '# 🙂', '"""'];
    const file = () => Array.from({ length: random(30) }, () => LINES[random(LINES.length)]).join('\n') + (random(2) ? '\n' : '');
    let several = 0;
    for (let round = 0; round < 500; round += 1) {
      const [before, after] = [file(), file()];
      const edits = minimalEdits(before, after);
      if (edits.length > 1) several += 1;
      expect(applyEdits(before, edits)).toBe(after);
    }
    expect(several).toBeGreaterThan(100);
  });

  test('files with nothing in common are one edit', () => {
    const [before, after] = [Array.from({ length: 900 }, (_, at) => `a${at}`), Array.from({ length: 900 }, (_, at) => `b${at}`)];
    expect(minimalEdits(before.join('\n'), after.join('\n'))).toHaveLength(1);
  });
});

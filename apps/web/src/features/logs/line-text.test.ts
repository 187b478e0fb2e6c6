import { expect, test } from 'vitest';
import { levelOf } from './line-level.ts';
import { plainLine, textRuns } from './line-text.ts';

test('colours and links of terminals are left out of plain text, and a progress bar shows its last state', () => {
  expect(plainLine('\u001b[1;31mred\u001b[0m \u001b]8;;x\u0007link\u001b]8;;\u0007')).toBe('red link');
  expect(plainLine('10%\r50%\r100%')).toBe('100%');
  expect(plainLine('10%\r50%\r')).toBe('50%');
});

test('colours become runs of text; markup stays text', () => {
  expect(textRuns('plain <b>')).toEqual([{ text: 'plain <b>' }]);
  expect(textRuns('\u001b[1;31m<img onerror=x>\u001b[0m ok')).toEqual([
    { text: '<img onerror=x>', color: 'red', bold: true },
    { text: ' ok' },
  ]);
  expect(textRuns('\u001b[38;2;255;100;0mhot\u001b[2K\u001b[0m')).toEqual([{ text: 'hot', trueColor: '255, 100, 0' }]);
  expect(
    textRuns('\u001b[2Kdone\u001b[1A')
      .map(({ text }) => text)
      .join(''),
  ).toBe('done');
});

test('levels are read as logging writes them, and a traceback is an error to its end', () => {
  const lines = [
    'INFO:root:started',
    '2026-01-02 03:04:05,678 - train - WARNING - slow',
    '[debug] x',
    'Traceback (most recent call last):',
    '  File "cards/a.py", line 3, in execute',
    'ValueError: no such column',
    'the errors are few',
    'UserWarning: deprecated',
  ];
  let before: ReturnType<typeof levelOf>;
  expect(lines.map((line) => (before = levelOf(line, before)))).toEqual([
    'info',
    'warning',
    'debug',
    'error',
    'error',
    'error',
    undefined,
    'warning',
  ]);
});

import { expect, test } from 'vitest';
import { tracebackLines } from './traceback-lines.ts';

const TRACE = `Traceback (most recent call last):
  File "/card/harness.py", line 12, in run
    card.execute(config, inputs, storage)
  File "/card/project/cards/models/train.py", line 12, in execute
    model.fit(x, y)
    ~~~~~~~~~^^^^^^
ValueError: bad input
`;

test('marks the frame of the card and its code, not a frame elsewhere with the same line', () => {
  const marked = tracebackLines(TRACE, 'cards/models/train.py', 12).filter((line) => line.inCard);
  expect(marked.map((line) => line.text.trim())).toEqual([
    'File "/card/project/cards/models/train.py", line 12, in execute',
    'model.fit(x, y)',
    '~~~~~~~~~^^^^^^',
  ]);
});

test('marks nothing when the error has no line', () => {
  expect(tracebackLines(TRACE, undefined, undefined).some((line) => line.inCard)).toBe(false);
});

test('every frame in the file of the card knows its line, and no other does', () => {
  const lines = tracebackLines(`${TRACE}  File "/card/project/cards/models/train.py", line 30, in helper\n`, 'cards/models/train.py', 12);
  expect(lines.flatMap(({ cardLine }) => cardLine ?? [])).toEqual([12, 30]);
});

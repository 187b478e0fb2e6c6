import { expect, test } from 'vitest';
import { findInSources } from './find-in-sources.ts';

const files = [
  { cardId: 'a', source: 'import pandas\n\n    model = RandomForest()\nmodel.fit()' },
  { cardId: 'b', source: 'nothing here' },
];

test('a text is found in its first line of each file, whatever its case', () => {
  expect(findInSources(files, ' randomforest ')).toEqual([{ cardId: 'a', line: 3, text: 'model = RandomForest()' }]);
  expect(findInSources(files, 'model')).toEqual([{ cardId: 'a', line: 3, text: 'model = RandomForest()' }]);
  expect(findInSources(files, 'NOTHING')).toMatchObject([{ cardId: 'b', line: 1 }]);
});

test('nothing is found nowhere, and lines do not run together', () => {
  expect(findInSources(files, '  ')).toEqual([]);
  expect(findInSources(files, 'pandas model')).toEqual([]);
});

test('a line that fills the file is cut', () => {
  expect(findInSources([{ cardId: 'c', source: 'x'.repeat(10_000) }], 'x')[0]?.text).toHaveLength(200);
});

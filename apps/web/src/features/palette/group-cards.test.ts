import type { ProjectCardEntry } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { groupCards } from './group-cards.ts';

const entry = (cardType: string, displayName: string, category: string, broken = false): ProjectCardEntry => ({
  cardId: cardType,
  path: `cards/${cardType}.py`,
  builtIn: false,
  sourceHash: '',
  diagnostics: broken ? [{ line: 1, column: 1, severity: 'error', code: 'card/syntax', message: 'x' }] : [],
  manifest: {
    cardType,
    className: 'C',
    displayName,
    description: '',
    category,
    executionMode: 'local',
    outputViewType: 'table',
    configSchema: {},
    configFields: [],
    inputs: [],
    outputs: [],
    resources: { gpu: 0, timeoutSeconds: 300, network: [] },
    requirements: [],
    retries: 0,
    cache: true,
    scratch: true,
  },
});

const CARDS = [
  entry('eval', 'Evaluate', 'evaluation'),
  entry('zz', 'Zip', 'own ideas'),
  entry('split', 'Split', 'data'),
  entry('load', 'Load table', 'data', true),
];

test('the usual categories come first, in the order of work; cards by name', () => {
  expect(groupCards(CARDS, '').map(({ category, items }) => [category, items.map((item) => item.displayName)])).toEqual([
    ['data', ['Load table', 'Split']],
    ['evaluation', ['Evaluate']],
    ['own ideas', ['Zip']],
  ]);
});

test('every word of the search counts, in name, type or category', () => {
  expect(groupCards(CARDS, 'data LOAD').flatMap((group) => group.items.map((item) => item.cardType))).toEqual(['load']);
  expect(groupCards(CARDS, 'nothing')).toEqual([]);
});

test('a card with errors stays in the palette and says so; one that was never valid is left out', () => {
  const never: ProjectCardEntry = { cardId: 'n', path: 'cards/n.py', builtIn: false, sourceHash: '', diagnostics: [] };
  const items = groupCards([...CARDS, never], '').flatMap((group) => group.items);
  expect(items.find((item) => item.cardType === 'load')?.hasErrors).toBe(true);
  expect(items).toHaveLength(4);
});

import type { CardManifest } from '@ensemble/cards';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { lostCards } from './lost-cards.ts';

const entry = (cardId: string, cardType: string | undefined, formerTypes: string[] = []): ProjectCardEntry => ({
  cardId,
  path: `cards/${cardId}.py`,
  builtIn: false,
  sourceHash: '',
  diagnostics: [],
  formerTypes,
  ...(cardType === undefined ? {} : { manifest: { cardType } as CardManifest }),
});

test('former types and types in the trash are lost, unless a card has them now', () => {
  const entries = [entry('a', 'now', ['before', 'taken']), entry('b', 'taken'), entry('c', undefined, ['x'])];
  const trash = [
    { cardId: 'old', path: 'cards/old.py', cardType: 'gone', trashedAt: 1 },
    { cardId: 'new', path: 'cards/new.py', cardType: 'gone', trashedAt: 2 },
    { cardId: 't', path: 'cards/t.py', cardType: 'taken', trashedAt: 3 },
    { cardId: 'f', path: 'cards/f.py', cardType: 'before', trashedAt: 4 },
    { cardId: 'draft', path: 'cards/draft.py', trashedAt: 5 },
  ];
  expect([...lostCards(entries, trash)]).toEqual([
    ['before', { kind: 'renamed', cardType: 'now', cardId: 'a' }],
    ['gone', { kind: 'trashed', path: 'cards/new.py', cardId: 'new' }],
  ]);
});

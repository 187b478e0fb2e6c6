import type { CardManifest } from '@ensemble/cards';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { describe, expect, test } from 'vitest';
import { findCards, fittingPort } from './find-cards.ts';

const entry = (displayName: string, inputs: CardManifest['inputs'], outputs: CardManifest['outputs']): ProjectCardEntry => ({
  cardId: displayName,
  path: `${displayName}.py`,
  sourceHash: 'x'.repeat(64),
  builtIn: false,
  diagnostics: [],
  manifest: {
    cardType: displayName.toLowerCase(),
    className: 'Card',
    displayName,
    description: `makes the ${displayName}`,
    category: 'data',
    executionMode: 'local',
    outputViewType: 'table',
    configSchema: {},
    configFields: [],
    inputs,
    outputs,
    resources: { gpu: 0, timeoutSeconds: 300, network: [] },
    requirements: [],
    retries: 0,
    cache: true,
    scratch: false,
  },
});

const frame = (name: string) => ({ name, type: 'dataframe' });
const model = (name: string) => ({ name, type: 'model' });
const CARDS = [
  entry('Load', [], [frame('data')]),
  entry('Evaluate', [model('model'), frame('test')], [{ name: 'metrics', type: 'json' }]),
  entry('Train', [frame('train')], [model('model')]),
  entry('Pretrain', [frame('train')], [model('model')]),
];
const names = (query: string, ...wire: [] | [Parameters<typeof findCards>[2]]) =>
  findCards(CARDS, query, ...wire).map((card) => card.displayName);

describe('quick-add', () => {
  test('offers every card by name, and puts names that begin with the word first', () => {
    expect(names('')).toEqual(['Evaluate', 'Load', 'Pretrain', 'Train']);
    expect(names('train')).toEqual(['Train', 'Pretrain']);
    expect(names('makes eval')).toEqual(['Evaluate']);
    expect(names('nothing')).toEqual([]);
  });

  test('offers only what a loose wire fits, and says which port', () => {
    const fromModel = { nodeId: 'a', port: model('model'), side: 'source' as const };
    expect(findCards(CARDS, '', fromModel)).toMatchObject([{ displayName: 'Evaluate', port: { name: 'model' }, row: 0 }]);
    const intoTest = { nodeId: 'a', port: frame('test'), side: 'target' as const };
    expect(findCards(CARDS, '', intoTest)).toMatchObject([{ displayName: 'Load', port: { name: 'data' } }]);
    expect(
      findCards(CARDS, '', { nodeId: 'a', port: frame('test'), side: 'source' }).find((card) => card.displayName === 'Evaluate'),
    ).toMatchObject({
      port: { name: 'test' },
      row: 1,
    });
  });

  test('prefers the port of the same name', () => {
    const ports = [frame('first'), frame('second')];
    expect(fittingPort(ports, { port: frame('second'), side: 'source' })?.name).toBe('second');
    expect(fittingPort(ports, { port: frame('other'), side: 'source' })?.name).toBe('first');
    expect(fittingPort(ports, { port: model('first'), side: 'source' })).toBeUndefined();
  });
});

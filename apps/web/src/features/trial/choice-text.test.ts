import { expect, test } from 'vitest';
import { choiceKey, choiceText } from './choice-text.ts';

test('an output is named by its card, its port and its run; one of a trial says so', () => {
  expect(choiceText({ title: 'Split', key: 'train', pipelineName: 'Iris', runNumber: 12 })).toBe('Split: train, run 12 of Iris');
  expect(choiceText({ title: 'Split', key: 'train', pipelineName: null, runNumber: 3 })).toBe('Split: train, trial 3');
});

test('no two outputs have the same key, whatever they are called', () => {
  const keys = [
    { runId: 'a', nodeId: 'b c', key: 'd' },
    { runId: 'a', nodeId: 'b', key: 'c d' },
    { runId: 'a","b', nodeId: 'c', key: 'd' },
  ].map(choiceKey);
  expect(new Set(keys).size).toBe(3);
});

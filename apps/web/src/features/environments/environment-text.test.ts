import type { ProjectEnvironmentEntry } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { environmentText, toneOf } from './environment-text.ts';

const entry = (changes: Partial<ProjectEnvironmentEntry>): ProjectEnvironmentEntry => ({
  setId: 'a',
  requirements: ['xgboost'],
  state: 'ready',
  message: 'ready',
  ...changes,
});

test('each state reads as people say it', () => {
  const said = (changes: Partial<ProjectEnvironmentEntry>): string => environmentText(entry(changes));
  expect(said({ packages: 34, bytes: 210e6 })).toBe('Ready · 34 packages · 210.0 MB of its own');
  expect(said({ packages: 22, bytes: 0 })).toBe('Ready · 22 packages');
  expect(said({ state: 'requested', message: '' })).toBe('About to be installed');
  expect(said({ state: 'requested', message: 'waits for a runner' })).toBe('Not installed yet: waits for a runner');
  expect(said({ state: 'building', message: 'downloading torch (180.2MiB); 3 of 12 here', fraction: 0.404 })).toBe(
    'Installing: downloading torch (180.2MiB); 3 of 12 here 40 %',
  );
  expect(said({ state: 'failed', message: 'There is no package named "x".', temporary: false })).toBe('Cannot be installed');
  expect(said({ state: 'failed', message: 'The disk of the runner is full.', temporary: true })).toBe('Not installed yet');
});

test('only a failure looks bad', () => {
  expect((['requested', 'resolving', 'building', 'ready', 'failed'] as const).map((state) => toneOf(entry({ state })))).toEqual([
    'busy',
    'busy',
    'busy',
    'good',
    'bad',
  ]);
});

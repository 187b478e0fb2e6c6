import { expect, test } from 'vitest';
import { saveStateOf } from './save-state.ts';
import type { ConnectionFacts } from './save-state.ts';

const calm: ConnectionFacts = {
  online: true,
  authenticated: true,
  everSynced: true,
  unsyncedChanges: 0,
  storageAvailable: true,
  changesRefused: 0,
  readOnly: false,
  accessChanges: 0,
};

test.each<[string, Partial<ConnectionFacts>, ReturnType<typeof saveStateOf>]>([
  ['everything acknowledged', {}, 'saved'],
  ['one change on its way', { unsyncedChanges: 1 }, 'saving'],
  ['the socket is gone', { online: false, authenticated: false, unsyncedChanges: 2 }, 'offline'],
  ['back, but not let in yet', { authenticated: false }, 'offline'],
  ['the page has just been opened', { everSynced: false, authenticated: false, unsyncedChanges: 1 }, 'connecting'],
  ['the journal cannot be written', { storageAvailable: false, unsyncedChanges: 1 }, 'storage-unavailable'],
  ['the journal fails, but nothing waits for it', { storageAvailable: false }, 'saved'],
  ['the server took this change three times as invalid', { changesRefused: 3, unsyncedChanges: 1 }, 'change-refused'],
  ['rights were taken away', { refusal: 'forbidden', unsyncedChanges: 3 }, 'no-access'],
])('%s: shows the right word', (_case, news, word) => {
  expect(saveStateOf({ ...calm, ...news })).toBe(word);
});

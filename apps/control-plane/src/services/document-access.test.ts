import { expect, test } from 'vitest';
import { createDocumentAccess, visitorOf } from './document-access.ts';

test('a card file in the trash can be read by whoever may edit it, and written by nobody', async () => {
  const trashed = new Set(['thrown-away']);
  const authorize = createDocumentAccess({
    projects: { roleOf: async (userId) => (userId === 'v' ? 'viewer' : 'editor'), exists: async () => true },
    pipelines: { projectOf: async () => 'p' },
    cards: { projectOf: async () => 'p', isTrashed: async (id) => trashed.has(id) },
    projectOfRun: async () => 'p',
    onProjectOpened: async () => {},
  });
  const editor = visitorOf({ kind: 'user', userId: 'e', name: 'Edda', isOwner: false })!;
  const viewer = visitorOf({ kind: 'user', userId: 'v', name: 'Vic', isOwner: false })!;
  expect(await authorize(editor, { kind: 'card', id: 'there' })).toBe('write');
  expect(await authorize(editor, { kind: 'card', id: 'thrown-away' })).toBe('read');
  expect(await authorize(viewer, { kind: 'card', id: 'there' })).toBe('read');
  trashed.clear();
  expect(await authorize(editor, { kind: 'card', id: 'thrown-away' })).toBe('write');
});

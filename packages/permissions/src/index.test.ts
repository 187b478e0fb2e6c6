import { expect, test } from 'vitest';
import { canInProject, canOnInstance, instanceActions, projectActions, type Actor } from './index.ts';

const user: Actor = { kind: 'user', userId: 'u', name: 'U', isOwner: false };
const administrator: Actor = { ...user, isOwner: true };
const allowed = (role: 'owner' | 'editor' | 'viewer'): string[] => projectActions.filter((action) => canInProject(user, action, role));

test('an owner may do everything in a project', () => {
  expect(allowed('owner')).toEqual(projectActions);
});

test('an editor may do everything but change what the project is and who is in it, and cancel what others run', () => {
  expect(projectActions.filter((action) => !allowed('editor').includes(action))).toEqual([
    'project.rename',
    'project.invite',
    'run.cancelOthers',
  ]);
});

test('a viewer may only read', () => {
  expect(allowed('viewer').every((action) => action.endsWith('.read'))).toBe(true);
  expect(allowed('viewer')).toEqual(projectActions.filter((action) => action.endsWith('.read')));
});

test('without a role nobody but the operator may do anything, the owner of the installation included', () => {
  for (const action of projectActions) {
    expect(canInProject(administrator, action, undefined)).toBe(false);
    expect(canInProject({ kind: 'anonymous' }, action, 'owner')).toBe(false);
    expect(canInProject({ kind: 'operator' }, action, undefined)).toBe(true);
  }
});

test('a stranger may look at the installation and open a link, and nothing else', () => {
  expect(instanceActions.filter((action) => canOnInstance({ kind: 'anonymous' }, action))).toEqual(['instance.read', 'instance.link']);
});

test('only the operator makes owner links', () => {
  expect(canOnInstance(administrator, 'instance.ownerLink')).toBe(false);
  expect(canOnInstance({ kind: 'operator' }, 'instance.ownerLink')).toBe(true);
});

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

test('a stranger may look at the installation, open a link and register a runner with a token, and nothing else', () => {
  const open = ['instance.read', 'instance.link', 'runner.register'];
  expect(instanceActions.filter((action) => canOnInstance({ kind: 'anonymous' }, action))).toEqual(open);
});

test('a runner may serve, and read or change nothing of people', () => {
  const runner: Actor = { kind: 'runner', runnerId: 'r' };
  expect(instanceActions.filter((action) => canOnInstance(runner, action))).toEqual(['runner.register', 'runner.serve']);
  expect(projectActions.filter((action) => canInProject(runner, action, 'owner'))).toEqual([]);
});

test('only who administers the installation sees and manages runners', () => {
  for (const action of ['runner.list', 'runner.manage'] as const) {
    expect([user, administrator].map((actor) => canOnInstance(actor, action))).toEqual([false, true]);
  }
});

test('only the operator makes owner links', () => {
  expect(canOnInstance(administrator, 'instance.ownerLink')).toBe(false);
  expect(canOnInstance({ kind: 'operator' }, 'instance.ownerLink')).toBe(true);
});

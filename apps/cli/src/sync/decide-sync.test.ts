import { expect, test } from 'vitest';
import { decideSync } from './decide-sync.ts';

const files = (texts: Record<string, string>): Map<string, string> => new Map(Object.entries(texts));

test('what changed on one side goes to the other, and what changed on both is for the server to merge', () => {
  const base = files({ 'cards/a.py': '1', 'cards/b.py': '1', 'cards/c.py': '1', 'cards/d.py': '1', 'cards/e.py': '1', 'cards/f.py': '1' });
  const local = files({ 'cards/a.py': '2', 'cards/b.py': '1', 'cards/c.py': '2', 'cards/d.py': '2', 'cards/new.py': 'n' });
  const remote = files({
    'cards/a.py': '1',
    'cards/b.py': '2',
    'cards/c.py': '3',
    'cards/d.py': '2',
    'cards/e.py': '1',
    'cards/theirs.py': 't',
  });
  const plan = decideSync(base, local, remote);
  expect(plan.push).toEqual([
    { path: 'cards/a.py', before: '1', after: '2' },
    { path: 'cards/c.py', before: '1', after: '2' },
    { path: 'cards/e.py', before: '1', after: null },
    { path: 'cards/new.py', before: null, after: 'n' },
  ]);
  expect([...plan.pull]).toEqual([
    ['cards/b.py', '2'],
    ['cards/theirs.py', 't'],
  ]);
  expect([...plan.agreed]).toEqual([['cards/d.py', '2']]);
  expect(plan.forgotten).toEqual(['cards/f.py']);
});

test('a file under another name is a rename, once', () => {
  const base = files({ 'cards/a.py': 'same', 'cards/b.py': 'same' });
  const plan = decideSync(base, files({ 'cards/x.py': 'same', 'cards/y.py': 'same', 'cards/z.py': 'same' }), base);
  expect(plan.push.map(({ path, movedFrom }) => [path, movedFrom])).toEqual([
    ['cards/x.py', 'cards/a.py'],
    ['cards/y.py', 'cards/b.py'],
    ['cards/z.py', undefined],
  ]);
});

test('a pipeline under another file name is a rename of both its files; one that was deleted is deleted', () => {
  const base = files({ 'pipelines/a.json': 'a', 'pipelines/a.layout.json': 'places', 'pipelines/b.json': 'b' });
  const plan = decideSync(base, files({ 'pipelines/x.json': 'a', 'pipelines/x.layout.json': 'places' }), base);
  expect(plan.push).toEqual([
    { path: 'pipelines/b.json', before: 'b', after: null },
    { path: 'pipelines/x.json', movedFrom: 'pipelines/a.json', before: 'a', after: 'a' },
    { path: 'pipelines/x.layout.json', movedFrom: 'pipelines/a.layout.json', before: 'places', after: 'places' },
  ]);
});

test('an empty folder takes everything, and an empty project too', () => {
  const all = files({ 'cards/a.py': '1', 'pipelines/p.json': '{}' });
  expect([...decideSync(new Map(), new Map(), all).pull.keys()]).toEqual([...all.keys()]);
  expect(decideSync(new Map(), all, new Map()).push.map(({ path }) => path)).toEqual([...all.keys()]);
});

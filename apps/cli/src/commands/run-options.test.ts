import { expect, test } from 'vitest';
import { parseRunOptions } from './run-options.ts';

test('a field value is split at the last dot before the equals sign', () => {
  const options = parseRunOptions(['dir', '--set', 'my.node.rate=a.b=c', '--file', 'load.path=./x=y.csv', '--json']);
  expect(options.sets).toEqual([{ nodeId: 'my.node', field: 'rate', text: 'a.b=c' }]);
  expect(options.files).toEqual([{ nodeId: 'load', field: 'path', text: './x=y.csv' }]);
  expect(options.json).toBe(true);
  expect(options.out).toBe('ensemble-out');
});

test.each([['rate=1'], ['.rate=1'], ['node.=1'], ['node.rate']])('--set %s is refused with the expected form', (text) => {
  expect(() => parseRunOptions(['dir', '--set', text])).toThrow('expected NODE.FIELD=VALUE');
});

test('one folder is needed', () => {
  expect(() => parseRunOptions([])).toThrow('Name one project folder');
  expect(() => parseRunOptions(['a', 'b'])).toThrow('Name one project folder');
});

test('one part of the pipeline may be named, and force', () => {
  expect(parseRunOptions(['dir', '--to', 'a', '--to', 'b', '--force'])).toMatchObject({
    scope: { kind: 'to', nodeIds: ['a', 'b'] },
    force: true,
  });
  expect(parseRunOptions(['dir'])).toMatchObject({ scope: undefined, force: false });
  expect(() => parseRunOptions(['dir', '--to', 'a', '--only', 'b'])).toThrow('--to and --only');
});

import type { ImportFinding } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { groupFindings } from './group-findings.ts';

const finding = (kind: ImportFinding['kind'], code: string, message: string): ImportFinding => ({ kind, code, message });

test('findings of one kind are grouped by what they are about, in their order', () => {
  const findings = [
    finding('guessed', 'ports-bound', 'a'),
    finding('mapped', 'cards', 'b'),
    finding('guessed', 'card-renamed', 'c'),
    finding('guessed', 'ports-bound', 'd'),
  ];
  expect(groupFindings(findings, 'guessed').map(({ title, items }) => [title, items.map(({ message }) => message)])).toEqual([
    ['Connections bound by name or type', ['a', 'd']],
    ['Card files with another name here', ['c']],
  ]);
  expect(groupFindings(findings, 'not-understood')).toEqual([]);
});

test('what a newer server says is shown too', () => {
  expect(groupFindings([finding('mapped', 'hologram', 'x')], 'mapped')).toMatchObject([{ title: 'Other', items: [{ message: 'x' }] }]);
});

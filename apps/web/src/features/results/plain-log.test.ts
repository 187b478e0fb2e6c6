import { expect, test } from 'vitest';
import { plainLog } from './plain-log.ts';

test('colours and links of terminals are left out', () => {
  expect(plainLog('\u001b[1;31mred\u001b[0m \u001b]8;;x\u0007link\u001b]8;;\u0007')).toBe('red link');
});

test('a progress bar shows its last state', () => {
  expect(plainLog('start\n10%\r50%\r100%\nend\r\n')).toBe('start\n100%\nend\n');
  expect(plainLog('10%\r50%\r')).toBe('50%');
});

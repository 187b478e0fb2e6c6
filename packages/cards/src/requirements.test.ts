import { describe, expect, test } from 'vitest';
import { canonicalRequirements, readRequirement } from './requirements.ts';

const ACCEPTED: Record<string, string> = {
  xgboost: 'xgboost',
  ' XGBoost >= 2 ': 'xgboost>=2',
  'torch==2.13.0+cpu': 'torch==2.13.0+cpu',
  'a_B.c--d': 'a-b-c-d',
  'pandas<3,>=2.1': 'pandas<3,>=2.1',
  'numpy == 1.26.*': 'numpy==1.26.*',
  'numpy~=1.26': 'numpy~=1.26',
  'x!=1.0rc1': 'x!=1.0rc1',
  'x>=1!2.0.post1.dev3': 'x>=1!2.0.post1.dev3',
  'uvicorn [Standard, h_2] > 0.1': 'uvicorn[h-2,standard]>0.1',
  'x>=2,>=2': 'x>=2',
};

const REFUSED = [
  '',
  '-r requirements.txt',
  '--index-url=https://example.org',
  '-e .',
  'git+https://example.org/x.git',
  'x @ https://example.org/x-1-py3-none-any.whl',
  'x@file:///etc',
  'https://example.org/x.whl',
  './x',
  '../x',
  '/etc/passwd',
  'x.whl',
  'dist/x-1.0.tar.gz',
  'x-1.0.zip',
  'C:\\wheels\\x',
  'x; python_version < "3.12"',
  'x >=',
  'x=1',
  'x===1.0',
  'x>=1 --hash=sha256:00',
  'x>=1 # a comment',
  'x>=1\n--index-url https://example.org',
  'x\ny',
  'x\\\n--pre',
  'x>=1.*',
  'x[',
  'x[]',
  'x[../y]',
  'x (>=1)',
  '_x',
  'x-',
  'пакет',
  'x>=$(id)',
  '${HOME}',
  'x\0',
  `x>=1,${'>=1,'.repeat(100)}<9`,
  'a'.repeat(201),
];

describe('requirements of a card', () => {
  test.each(Object.entries(ACCEPTED))('%j is %j', (written, canonical) => {
    expect(readRequirement(written)).toMatchObject({ ok: true, canonical });
  });

  test.each(REFUSED)('%j is refused with a sentence', (written) => {
    const reading = readRequirement(written);
    expect(reading).toMatchObject({ ok: false });
    expect(!reading.ok && reading.problem).toMatch(/; write for example "xgboost>=2"$/);
  });

  test('one set has one form, whatever the order and the way of writing', () => {
    expect(canonicalRequirements(['Foo>=1, <2', 'bar'])).toEqual(canonicalRequirements(['bar', 'foo <2,>=1', 'BAR']));
    expect(() => canonicalRequirements(['ok', '-r x'])).toThrow('is an option');
    expect(() => canonicalRequirements(Array.from({ length: 51 }, (_, n) => `p${n}`))).toThrow('too many');
  });

  test('a text made to be slow to read is read at once', () => {
    const SLOW = ['1'.repeat(200), `x>=${'1.'.repeat(90)}x`, `x>=1${'-'.repeat(190)}`, `${'a-'.repeat(99)}!`];
    for (const text of SLOW) expect(readRequirement(text).ok, text).toBe(text === SLOW[0]);
  });
});

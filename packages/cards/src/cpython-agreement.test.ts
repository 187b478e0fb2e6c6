/** The reader and CPython on the same files: does it parse, and if not, where. Real files, and broken ones made of them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCardReader } from './node.ts';
import { randomFrom } from './random.fixture.ts';

const PYTHON = resolve(import.meta.dirname, '../../../.cache/python/bin/python');
const MAX_SOURCE = 262_144;

/** Files of the standard library and of the card environment: 420 by the hash of their names, and the 30 largest that a card may be. */
const CHOOSE = `
import hashlib, json, pathlib, sys, sysconfig
files = []
for place in ("stdlib", "purelib"):
    root = pathlib.Path(sysconfig.get_paths()[place])
    files += [(hashlib.sha256(str(f.relative_to(root)).encode()).hexdigest(), f) for f in root.rglob("*.py")]
def readable(f):
    try:
        return len(f.read_bytes().decode()) <= ${MAX_SOURCE}
    except UnicodeDecodeError:
        return False
files.sort()
some = [f for _, f in files[:520] if readable(f)][:420]
large = sorted((f for _, f in files if ${MAX_SOURCE} / 3 < f.stat().st_size), key=lambda f: (-f.stat().st_size, str(f)))
some += [f for f in large if f not in some and readable(f)][:30]
json.dump([str(f) for f in some], sys.stdout)
`;
/** Reads texts, answers [line, message] for each: line 0 where it compiles, -1 where Python names no line. */
const JUDGE = `
import json, sys, warnings
warnings.simplefilter("ignore")
verdicts = []
for text in json.load(sys.stdin):
    try:
        compile(text.encode(), "card.py", "exec", dont_inherit=True)
        verdicts.append([0, ""])
    except SyntaxError as error:
        verdicts.append([error.lineno or -1, str(error.msg)])
    except (ValueError, MemoryError, RecursionError) as error:
        verdicts.append([-1, str(error)])
json.dump(verdicts, sys.stdout)
`;
const python = (code: string, input = ''): unknown =>
  JSON.parse(execFileSync(PYTHON, ['-c', code], { input, maxBuffer: 64 * 1024 ** 2 }).toString('utf8'));

const UNREADABLE = new Set([
  'card/syntax',
  'card/unreadable',
  'card/too-complex',
  'card/too-large',
  'card/checker-stopped',
  'card/encoding',
]);

const random = randomFrom(4);
const pick = (count: number): number => Math.floor(random() * count);
const any = <T>(list: readonly T[]): T | undefined => list[pick(list.length)];
const insert = (text: string, what: string): string => {
  const at = pick(text.length);
  return text.slice(0, at) + what + text.slice(at);
};
const remove = (text: string, what: RegExp): string => {
  const found = any([...text.matchAll(what)]);
  return found === undefined ? text : text.slice(0, found.index) + text.slice(found.index + found[0].length);
};
const changeLine = (text: string, change: (line: string) => string): string => {
  const lines = text.split('\n');
  const at = any([...lines.keys()].filter((line) => lines[line]?.trim() !== '')) ?? 0;
  return lines.with(at, change(lines[at] ?? '')).join('\n');
};

const SIGNS = ['$', '?', '!', ' ', '“', '¢', '​', '😀', '`', '\f', '\u001A', '\u{E000}'];
const WORDS = [
  '(',
  ')',
  ']',
  '}',
  '{',
  ':',
  '=',
  '==',
  '*',
  ' ',
  '\\',
  '\n',
  '"',
  "'",
  '0',
  'return ',
  'def ',
  ' in ',
  'await ',
  'yield ',
  '@',
  ':=',
];
const BREAK: Record<string, (text: string) => string> = {
  'a bracket deleted': (text) => remove(text, /[()[\]{}]/g),
  'a quote deleted': (text) => remove(text, /"""|'''|["']/g),
  'a colon deleted': (text) => remove(text, /:$/gm),
  'a line indented by a tab': (text) => changeLine(text, (line) => `\t${line}`),
  'a line indented by three': (text) => changeLine(text, (line) => `   ${line}`),
  'a line dedented': (text) => changeLine(text, (line) => line.replace(/^ {1,3}/, '')),
  'tabs among spaces': (text) => changeLine(text, (line) => line.replace(/^ {4}/, '\t')),
  'a NUL': (text) => insert(text, '\0'),
  'an odd sign': (text) => insert(text, any(SIGNS) ?? ''),
  'a word too many': (text) => insert(text, any(WORDS) ?? ''),
  'the end cut off': (text) => text.slice(0, pick(text.length)),
  'line ends of Windows, cut': (text) => text.replaceAll('\n', '\r\n').slice(0, pick(text.length)),
};

/** What no mutation makes. Between 150 and 200 brackets the reader is stricter than CPython, on purpose. */
const SPECIAL: string[] = [
  ...[90, 140, 210, 3_000].map((depth) => `x = ${'('.repeat(depth)}1${')'.repeat(depth)}\n`),
  ...[90, 140, 210].map((depth) => `x = ${'['.repeat(depth)}\n`),
  ...[60, 98, 101, 150].map(
    (depth) => `${Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}if x:`).join('\n')}\n${' '.repeat(depth)}x\n`,
  ),
  '\uFEFFx = 1\n',
  '\uFEFF\uFEFFx = 1\n',
  '# -*- coding: utf-8 -*-\nx = "é"\n',
  '#!/bin/python\n# vim: set fileencoding=latin-1 :\nx = 1\n',
  '# -*- coding: no-such-encoding -*-\nx = 1\n',
  '# coding: ascii\nx = "é"\n',
  'x = 1\n# coding: no-such-encoding\n',
  '\n# coding: no-such-encoding\n',
  'x = "\ud800"\n',
  'x = 1\r\ny = (\r\n',
  'x = 1\ry = 2\r',
  '',
  '\n',
  '\\',
  '"""',
  'x = "\\',
  'def f():\n\treturn 1\n        return 2\n',
  'if x:\n        a\n\tb\n',
  'if x:\n    if y:\n        a\n      b\n',
  'if x:\n\ta\n\f\tb\n',
  'x = (\n\t 1,\n  2)\n',
  'return 1\n',
  'x = f"{a["b"]}"\n',
  'type X = int\n',
];

interface Case {
  kind: string;
  name: string;
  text: string;
}

describe.skipIf(!existsSync(PYTHON))('the card reader beside CPython', () => {
  it('comes to the same verdict on real files and broken ones, and names the same line', async () => {
    const reader = await loadCardReader();
    const cases: Case[] = [];
    for (const name of python(CHOOSE) as string[]) cases.push({ kind: 'real', name, text: readFileSync(name, 'utf8') });
    const breakable = cases.filter(({ text }) => text.length > 500 && text.length < 8_000 && !text.includes('\r')).slice(0, 60);
    for (const [kind, change] of Object.entries(BREAK)) {
      for (const { name, text } of breakable) cases.push({ kind, name, text: change(text) });
    }
    for (const text of SPECIAL)
      cases.push({ kind: 'special', name: JSON.stringify(text.slice(0, 60)), text: Buffer.from(text).toString('utf8') });
    const verdicts = python(JUDGE, JSON.stringify(cases.map(({ text }) => text))) as [number, string][];

    const [otherVerdict, otherLine]: [string[], string[]] = [[], []];
    const count = { real: 0, broken: 0 };
    for (const [index, { kind, name, text }] of cases.entries()) {
      const [line, message] = verdicts[index] ?? [0, ''];
      const found = reader.read(text).diagnostics.find(({ code }) => UNREADABLE.has(code));
      const report = `${kind}, ${name}: CPython ${line} ${message}; reader ${found?.line} ${found?.code} ${found?.message}`;
      if (kind === 'real') count.real += 1;
      if (line !== 0) count.broken += 1;
      if ((line === 0) !== (found === undefined)) otherVerdict.push(report);
      // "expected an indented block after 'if' statement on line 7": Python is at the next statement and names ours.
      const lines = [line, Number(/ on line (\d+)$/.exec(message)?.[1] ?? line)];
      if (found !== undefined && line > 0 && !lines.some((one) => Math.abs(one - found.line) <= 1)) otherLine.push(report);
    }
    console.log(
      `card reader and CPython: ${count.real} real files, ${cases.length - count.real} changed ones, ${count.broken} refused by CPython; ` +
        `${otherVerdict.length} other verdicts, ${otherLine.length} other lines`,
    );
    expect(count.real).toBeGreaterThanOrEqual(400);
    expect(count.broken).toBeGreaterThan(300);
    expect(otherVerdict).toEqual([]);
    // Where one change makes two faults, the two may name different ones.
    expect(otherLine.length, otherLine.join('\n')).toBeLessThanOrEqual(count.broken / 100);
  }, 300_000);
});

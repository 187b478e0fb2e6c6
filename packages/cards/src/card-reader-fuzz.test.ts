import { describe, expect, it } from 'vitest';
import { cardSource } from './card-source.fixture.ts';
import { loadCardReader } from './node.ts';
import { randomFrom } from './random.fixture.ts';

const reader = await loadCardReader();

// prettier-ignore
const fragments = [

    '\0',
    '\uFEFF',
    '\r',
    '\r\n',
    '\t',
    '\f',
    '\\',
    '\\\n',
    '\ud800',
    '\udc00',
    '😀',
    'א',
    '"',
    "'",
    '"""',
    'f"{',
    '}',
    '{',
    '(',
    ')',
    '[',
    ']',


    ':',
    ',',
    '=',
    '==',
    ':=',
    '**',
    '*',
    '@',
    '.',
    '...',
    ';',
    '#',
    '# noqa',
    'lambda: ',
    'yield ',
    'await ',
    'async ',
    'class ',
    'def ',
    'return ',


    'BaseCard',
    'None',
    'True',
    '1e999',
    '0x',
    '1_',
    'b"x"',
    'self',
    'import ',
    'from ',
    'if x:\n',
    'del card_type\n',
    '    ',
    '__proto__',
    'match x:\n',

'('.repeat(300), '-'.repeat(2_000), 'x'.repeat(4_096), '{'.repeat(90), '\n'.repeat(50),
];

const seeds = [
  cardSource(),
  cardSource({
    header: 'import cards.base as cb\nSCHEMA = {"a": {"type": "string"}}',
    bases: 'cb.BaseCard',
    set: { config_schema: 'SCHEMA', resources: '{"gpu": 1, "memory": "2GiB"}' },
  }),
  cardSource({
    set: { config_schema: '{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["a"]}' },
  }).replaceAll('\n', '\r\n'),
];

function mutate(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const length = Math.floor(random() ** 3 * 60);
  const fragment = fragments[Math.floor(random() * fragments.length)] ?? '';
  const other = Math.floor(random() * text.length);
  switch (Math.floor(random() * 5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + fragment + text.slice(at);
    case 2:
      return text.slice(0, at) + fragment + text.slice(at + length);
    case 3:
      return text.slice(0, at) + text.slice(other, other + length) + text.slice(at);
    default:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() ** 4 * 0x1_0000)) + text.slice(at + 1);
  }
}

describe('a card reader under fuzz', () => {
  it('never throws, is valid exactly without errors, and points into the file', () => {
    const seed = Number(
      process.env.ENSEMBLE_SEED ?? (process.env.ENSEMBLE_LONG === '1' ? Math.floor(Math.random() * 2 ** 31) : 20_261_122),
    );
    const rounds = Number(process.env.FUZZ_ROUNDS ?? 1_500);
    console.log(`card reader fuzz: FUZZ_SEED=${seed}, ${rounds} files`);
    const random = randomFrom(seed);
    let valid = 0;
    const codes = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      let text = seeds[round % seeds.length] ?? '';
      for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) text = mutate(text, random);
      const reading = reader.read(text);
      const hasError = reading.diagnostics.some((one) => one.severity === 'error');
      expect(reading.valid, `seed ${seed}, round ${round}: ${JSON.stringify(text)}`).toBe(!hasError);
      expect(reading.manifest !== undefined).toBe(reading.valid);
      const lines = text.split(/\r\n?|\n/);
      for (const { line, column, code } of reading.diagnostics) {
        codes.add(code);
        const place = `seed ${seed}, round ${round}: ${code} at ${line}:${column}`;
        expect(line, place).toBeGreaterThanOrEqual(1);
        expect(line, place).toBeLessThanOrEqual(lines.length + 1);
        expect(column, place).toBeGreaterThanOrEqual(1);
        expect(column, place).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
      }
      expect(codes.has('card/checker-stopped'), `seed ${seed}, round ${round}`).toBe(false);
      if (reading.valid) valid += 1;
    }
    // The fuzz must reach both sides and more than the syntax gate.
    expect(valid).toBeGreaterThan(rounds / 50);
    expect(rounds - valid).toBeGreaterThan(rounds / 50);
    expect(codes.size).toBeGreaterThan(5);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { columnField } from './column-field.ts';
import { readConfigSchema } from './config-fields.ts';
import { checkConfig, fillDefaults } from './config-values.ts';
import type { ConfigProblem } from './config-values.ts';
import type { ConfigField, JsonObject } from './manifest.ts';

const file = { $file: 'a'.repeat(64), name: 'data.csv' };

describe('readConfigSchema', () => {
  it('reads JSON Schema', () => {
    const { fields, problems } = readConfigSchema({
      type: 'object',
      properties: {
        size: { type: 'number', title: 'Test share', description: 'Of all rows', default: 0.2, minimum: 0, maximum: 1 },
        model: { type: 'string', enum: ['a', 'b'] },
        max_depth: { type: ['integer', 'null'] },
        columns: { type: 'array', items: { type: 'string' } },
        table: { type: 'string', format: 'file' },
      },
      required: ['model'],
    });
    expect(problems).toEqual([]);
    expect(fields).toEqual([
      {
        name: 'size',
        type: 'number',
        label: 'Test share',
        required: false,
        description: 'Of all rows',
        minimum: 0,
        maximum: 1,
        default: 0.2,
      },
      { name: 'model', type: 'string', label: 'Model', required: true, options: ['a', 'b'] },
      { name: 'max_depth', type: 'integer', label: 'Max depth', required: false },
      { name: 'columns', type: 'json', label: 'Columns', required: false },
      { name: 'table', type: 'file', label: 'Table', required: false },
    ]);
  });

  it('reads the flat dialect', () => {
    const { fields, problems } = readConfigSchema({
      url: { type: 'string', label: 'Address', default: '', required: true },
      kind: {
        type: 'select',
        options: [
          { label: 'One', value: 1 },
          { label: 'Two', value: 2 },
        ],
        default: 1,
      },
      epochs: { type: 'int', min: 1, max: 100 },
      shuffle: { type: 'bool', default: true },
      data: { type: 'file' },
      mode: 'string',
    });
    expect(problems).toEqual([]);
    expect(fields.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'url:string',
      'kind:number',
      'epochs:integer',
      'shuffle:boolean',
      'data:file',
      'mode:string',
    ]);
    expect(fields[0]).toMatchObject({ label: 'Address', required: true, default: '' });
    expect(fields[1]).toMatchObject({ options: [1, 2] });
    expect(fields[2]).toMatchObject({ minimum: 1, maximum: 100, required: false });
  });

  it('knows flat fields called "type" and "properties" from JSON Schema', () => {
    expect(readConfigSchema({ type: { type: 'string' }, properties: { type: 'json' } }).fields.map((field) => field.name)).toEqual([
      'type',
      'properties',
    ]);
    expect(readConfigSchema({ properties: { a: { type: 'string' } } }).fields.map((field) => field.name)).toEqual(['a']);
    expect(readConfigSchema({}).fields).toEqual([]);
    expect(readConfigSchema({ type: 'object' }).fields).toEqual([]);
  });

  it('names what is wrong, and edits what it does not know as JSON', () => {
    const codes = (schema: JsonObject) => readConfigSchema(schema).problems.map((problem) => `${problem.severity} ${problem.code}`);
    expect(codes({ x: { type: 'matrix' } })).toEqual(['warning card/unknown-field-type']);
    expect(codes({ x: { type: ['string', 'number'] } })).toEqual(['warning card/unknown-field-type']);
    expect(codes({ x: 7 })).toEqual(['error card/config-schema']);
    expect(codes({ type: 'object', properties: [] })).toEqual(['error card/config-schema']);
    expect(codes({ type: 'object', properties: {}, required: 'x' })).toEqual(['error card/config-schema']);
    expect(codes({ type: 'object', properties: {}, required: ['x'] })).toEqual(['warning card/config-schema']);
    expect(codes({ x: { type: 'integer', default: 1.5 } })).toEqual(['warning card/config-default']);
    expect(codes({ x: { type: 'integer', min: 5, max: 1 } })).toEqual(['error card/config-schema']);
  });
});

describe('fillDefaults', () => {
  const fields = readConfigSchema({
    a: { type: 'number', default: 0 },
    b: { type: 'json', default: { c: [1] } },
    d: { type: 'string' },
  }).fields;

  it('fills only what is not mentioned, and changes neither argument', () => {
    const config = { a: null, extra: true };
    const filled = fillDefaults(fields, config);
    expect(filled).toEqual({ a: null, extra: true, b: { c: [1] } });
    expect(config).toEqual({ a: null, extra: true });
    expect(filled.b).not.toBe(fields[1]?.default);
  });

  it('takes any name for a field', () => {
    const odd: ConfigField[] = ['constructor', '__proto__'].map((name) => ({
      name,
      type: 'number',
      label: name,
      required: true,
      default: 1,
    }));
    expect(Object.entries(fillDefaults(odd, {}))).toEqual([
      ['constructor', 1],
      ['__proto__', 1],
    ]);
    const withoutDefault = odd.map((field) => ({ ...field, default: undefined }));
    expect(checkConfig(withoutDefault, {}).map((problem) => problem.code)).toEqual(['config/missing', 'config/missing']);
  });
});

describe('secrets', () => {
  const { fields } = readConfigSchema({ key: { type: 'secret', label: 'API key', required: true } });

  it('are named, never held: whatever else is there is refused and not repeated', () => {
    const wrong: JsonObject[string][] = ['sk-12345', { $secret: 'sk-12345' }, { $secret: 'KEY', value: 'sk-12345' }, ['sk-12345'], 7];
    for (const value of wrong) {
      const [problem] = checkConfig(fields, { key: value });
      expect(problem).toMatchObject({ field: 'key', code: 'config/type' });
      expect(problem?.message).not.toContain('12345');
    }
    expect(checkConfig(fields, {})).toMatchObject([{ code: 'config/missing' }]);
  });

  it('do not pass as another value', () => {
    for (const type of ['string', 'file', 'number'])
      expect(checkConfig(readConfigSchema({ x: { type } }).fields, { x: { $secret: 'KEY' } })).toMatchObject([{ code: 'config/type' }]);
  });
});

describe('columnField', () => {
  it('reads both dialects, and only fields that can hold names', () => {
    const jsonSchema: JsonObject = {
      type: 'object',
      properties: {
        target: { type: 'string', format: 'column', 'x-port': 'train' },
        features: { type: 'array', format: 'columns' },
        size: { type: 'number', format: 'column' },
        plain: { type: 'string' },
      },
    };
    const flat: JsonObject = { target: { type: 'string', format: 'column' } };
    const read = (schema: JsonObject) => readConfigSchema(schema).fields.map((field) => columnField(schema, field));
    expect(read(jsonSchema)).toEqual([{ many: false, port: 'train' }, { many: true, port: undefined }, undefined, undefined]);
    expect(read(flat)).toEqual([{ many: false, port: undefined }]);
  });
});

describe('checkConfig', () => {
  const one = (entry: JsonObject, value?: JsonObject[string]) =>
    checkConfig(readConfigSchema({ x: entry }).fields, value === undefined ? {} : { x: value })[0];
  const code = (...args: Parameters<typeof one>) => one(...args)?.code;

  it('accepts what fits', () => {
    for (const [entry, value] of [
      [{ type: 'string' }, 'text'],
      [{ type: 'string' }, file],
      [{ type: 'file' }, file],
      [{ type: 'number', min: 0, max: 1 }, 1],
      [{ type: 'secret' }, { $secret: 'API_KEY' }],
      [{ type: 'string', format: 'secret' }, { $secret: 'A' }],
      [{ type: 'integer' }, -3],
      [{ type: 'boolean' }, false],
      [{ type: 'json' }, [1]],
      [{ type: 'string' }, null],
      [{ type: 'number' }, ''],
      [{ type: 'string', options: ['', 'a'] }, ''],
      [{ type: 'array', enum: ['a', 'b'] }, ['b']],
      [{ options: [{ value: 2, label: 'Two' }] }, 2],
    ] as const)
      expect(one(entry as unknown as JsonObject, value as JsonObject[string]), JSON.stringify([entry, value])).toBeUndefined();
    expect(checkConfig([], { extra: 1 })).toEqual([]);
  });

  it('names what does not', () => {
    expect(code({ type: 'string', required: true })).toBe('config/missing');
    expect(code({ type: 'string', required: true }, '')).toBe('config/missing');
    expect(code({ type: 'file', required: true }, null)).toBe('config/missing');
    expect(code({ type: 'string', required: true, default: 'a' })).toBeUndefined();
    expect(code({ type: 'string', required: true, default: 'a' }, '')).toBe('config/missing');
    expect(code({ type: 'string' }, 3)).toBe('config/type');
    expect(code({ type: 'number' }, '3')).toBe('config/type');
    expect(code({ type: 'number' }, Number.NaN)).toBe('config/type');
    expect(code({ type: 'integer' }, 1.5)).toBe('config/type');
    expect(code({ type: 'boolean' }, 0)).toBe('config/type');
    expect(code({ type: 'file' }, '/etc/passwd')).toBe('config/type');
    expect(code({ type: 'file' }, { ...file, $file: '../x' })).toBe('config/type');
    expect(code({ type: 'number' }, file)).toBe('config/type');
    expect(code({ type: 'number', min: 1 }, 0)).toBe('config/range');
    expect(code({ type: 'number', max: 1 }, 2)).toBe('config/range');
    expect(code({ type: 'string', options: ['a'] }, 'b')).toBe('config/option');
  });

  it('says how to mend it', () => {
    expect(one({ type: 'integer', label: 'Epochs', min: 1 }, 0)?.message).toBe('"Epochs" is 0; enter 1 or more.');
    expect(one({ type: 'string', options: ['a', 'b'] }, 'c')?.message).toBe('"X" is "c"; choose one of "a", "b".');
    expect(one({ type: 'file', label: 'Table', required: true })?.message).toBe('"Table" is needed; choose a file of this project.');
  });
});

describe('the contract with Python', () => {
  const path = new URL('../../../runner/contract/config-values.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as {
    cases: { name: string; schema: JsonObject; config: JsonObject; filled: JsonObject; problems: ConfigProblem[] }[];
  };
  it.each(cases)('$name', ({ schema, config, filled, problems }) => {
    const { fields } = readConfigSchema(schema);
    expect(fillDefaults(fields, config)).toEqual(filled);
    expect(checkConfig(fields, filled)).toEqual(problems);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { TableWindow, TableWindowQuery, type TableFilter } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../logger.ts';
import { isUnpackingTrap } from './unpacking-trap.ts';
import { createTableEngine, type TableEngine } from './table-engine.ts';

let directory: string;
let engine: TableEngine;
const at = (name: string): string => path.join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ensemble-tables-'));
  mkdirSync(at('spill'));
  // The times are for a machine that is busy with something else.
  const timeouts = { windowMs: 120_000, statisticsMs: 120_000 };
  engine = createTableEngine({ directories: [directory], spillDirectory: at('spill'), logger: silentLogger(), timeouts });
  const duckdb = await (await DuckDBInstance.create()).connect();
  await duckdb.run(`COPY (SELECT i AS id, 'name' || (i % 10) AS name, CASE WHEN i % 5 = 0 THEN 'NaN'::DOUBLE WHEN i % 5 = 1 THEN 'inf'::DOUBLE ELSE i / 2 END AS x,
    i % 2 = 0 AS flag, DATE '2024-01-01' + i::INTEGER AS day, TIMESTAMPTZ '2024-01-01 10:00:00+00' AS moment, 0.1::FLOAT AS small, 12.50::DECIMAL(10, 2) AS price,
    9007199254740993 + i AS big, [i, NULL] AS list, {'a': i} AS pair, CASE WHEN i < 90 THEN NULL ELSE 'é' END AS rare, 'blob'::BLOB AS bytes
    FROM range(100) r(i)) TO '${at('t.parquet')}'`);
  await duckdb.run(`COPY (SELECT i AS id, random() AS x, 'n' || (i % 1000) AS name FROM range(2000000) r(i)) TO '${at('large.parquet')}'`);
  duckdb.closeSync();
}, 120_000);
afterAll(async () => {
  await engine.stop();
  rmSync(directory, { recursive: true, force: true });
});

const window = (query: Record<string, string> = {}, file = 't.parquet') => engine.window(at(file), TableWindowQuery.parse(query));
const names = (answer: TableWindow, column: string): unknown[] =>
  answer.rows.map((row) => row[answer.columns.findIndex(({ name }) => name === column)]);

describe('a window', () => {
  test('shows every type in a way JSON can carry, and parses as the wire says', async () => {
    const answer = TableWindow.parse(JSON.parse(JSON.stringify(await window({ limit: '2', offset: '5' }))));
    expect(answer).toMatchObject({ total: 100, totalUnfiltered: 100, offset: 5 });
    expect(answer.rows).toEqual([
      [
        5,
        'name5',
        { $number: 'NaN' },
        false,
        '2024-01-06',
        '2024-01-01 10:00:00+00',
        0.1,
        '12.50',
        '9007199254740998',
        '[5, NULL]',
        "{'a': 5}",
        null,
        'blob',
      ],
      [
        6,
        'name6',
        { $number: 'Infinity' },
        true,
        '2024-01-07',
        '2024-01-01 10:00:00+00',
        0.1,
        '12.50',
        '9007199254740999',
        '[6, NULL]',
        "{'a': 6}",
        null,
        'blob',
      ],
    ]);
    expect(answer.columns.map(({ kind }) => kind)).toEqual([
      'number',
      'text',
      'number',
      'boolean',
      'time',
      'time',
      'number',
      'number',
      'number',
      'nested',
      'nested',
      'text',
      'text',
    ]);
  });

  test('sorts by several columns, empty cells last, and keeps the order of the file among equals', async () => {
    const byName = await window({ sort: JSON.stringify([{ column: 'name', descending: true }]), limit: '12' });
    expect(names(byName, 'id')).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, 99, 8, 18]);
    const byRare = await window({ sort: JSON.stringify([{ column: 'rare' }, { column: 'id', descending: true }]), limit: '11' });
    expect(names(byRare, 'id')).toEqual([99, 98, 97, 96, 95, 94, 93, 92, 91, 90, 89]);
  });

  test.each<[string, TableFilter, number]>([
    ['equal numbers', { column: 'id', op: '=', value: 7 }, 1],
    ['a bound that is no whole number', { column: 'id', op: '>', value: 97.5 }, 2],
    ['whole numbers beyond 2^53, exactly', { column: 'big', op: '=', value: '9007199254740994' }, 1],
    ['NaN is not larger than anything', { column: 'x', op: '>', value: 48 }, 20 + 3],
    ['NaN by name', { column: 'x', op: 'isNaN' }, 20],
    ['a date', { column: 'day', op: '<', value: '2024-01-04' }, 3],
    ['a boolean', { column: 'flag', op: '=', value: true }, 50],
    ['not equal, which empty cells are', { column: 'rare', op: '!=', value: 'é' }, 90],
    ['empty', { column: 'rare', op: 'isNull' }, 90],
    ['part of a text, in any case', { column: 'name', op: 'contains', value: 'AME3' }, 10],
    ['quotes and SQL are only text', { column: 'name', op: '=', value: `' OR 1=1 --` }, 0],
    ['part of a nested value', { column: 'pair', op: 'contains', value: ': 42}' }, 1],
  ])('filters by %s', async (_what, filter, total) => {
    const answer = await window({ filters: JSON.stringify([filter]) });
    expect(answer).toMatchObject({ total, totalUnfiltered: 100 });
    expect(answer.rows).toHaveLength(total);
  });

  test('names a column that is not there and a value that does not fit', async () => {
    const refused = async (query: Record<string, string>): Promise<unknown> => await window(query).catch((error: unknown) => error);
    expect(await refused({ sort: '[{"column":"nothing"}]' })).toMatchObject({
      code: 'bad-query',
      message: 'The table has no column “nothing”.',
    });
    expect(await refused({ sort: '[{"column":"id\\" DESC; --"}]' })).toMatchObject({ code: 'bad-query' });
    expect(await refused({ filters: '[{"column":"id","op":">","value":"much"}]' })).toMatchObject({
      code: 'bad-query',
      message: expect.stringContaining('a number'),
    });
    expect(await refused({ filters: '[{"column":"day","op":">","value":"soon"}]' })).toMatchObject({ code: 'bad-query' });
  });

  test('behind the end is empty and still says how many there are', async () => {
    expect(await window({ offset: '100' })).toMatchObject({ rows: [], total: 100 });
  });
});

describe('statistics', () => {
  test('leave NaN and infinities out and count them', async () => {
    const { rows, columns } = await engine.statistics(at('t.parquet'), {});
    expect(rows).toBe(100);
    const of = (name: string) => columns.find((column) => column.name === name);
    expect(of('x')).toMatchObject({ nulls: 0, nans: 20, min: 1, max: 49.5 });
    expect(of('id')).toMatchObject({ min: 0, max: 99, mean: 49.5, quantiles: { q50: 49.5 } });
    expect(of('id')?.histogram).toMatchObject({ kind: 'bins' });
    expect(of('id')?.histogram?.kind === 'bins' && of('id')?.histogram).toSatisfy(
      (histogram: { bins: { count: number }[] }) => histogram.bins.length === 20 && histogram.bins.every(({ count }) => count === 5),
    );
    expect(of('day')).toMatchObject({ min: '2024-01-01', max: '2024-04-09', mean: '2024-02-19' });
    expect(of('flag')?.histogram).toEqual({
      kind: 'values',
      values: [
        { value: false, count: 50 },
        { value: true, count: 50 },
      ],
      others: 0,
    });
    expect(of('rare')).toMatchObject({ nulls: 90, distinct: 1, histogram: { values: [{ value: 'é', count: 10 }], others: 0 } });
    expect(of('list')).toMatchObject({ kind: 'nested', min: null, histogram: null });
  });

  test('follow the filters and the chosen columns', async () => {
    const { rows, columns } = await engine.statistics(at('t.parquet'), { columns: ['id'], filters: [{ column: 'id', op: '<', value: 3 }] });
    expect(rows).toBe(3);
    expect(columns).toMatchObject([
      { name: 'id', max: 2, histogram: { bins: [{ from: 0, count: 1 }, { count: 1 }, { to: 2, count: 1 }] } },
    ]);
  });
});

test('a file that unpacks to far more than it has is a trap, and a well packed one is not', () => {
  const gigabytes = 1024 ** 3;
  expect(isUnpackingTrap({ packed: 10_000, unpacked: 10 * gigabytes, cells: 1 })).toBe(true);
  expect(isUnpackingTrap({ packed: 10_000, unpacked: 1_000, cells: 3e9 })).toBe(true);
  expect(isUnpackingTrap({ packed: gigabytes, unpacked: 50 * gigabytes, cells: 1e10 })).toBe(false);
  expect(isUnpackingTrap({ packed: 10_000, unpacked: gigabytes, cells: 1e8 })).toBe(false);
});

describe('the worker', () => {
  test('reads nothing outside its directories', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'ensemble-outside-'));
    execFileSync('cp', [at('t.parquet'), outside]);
    await expect(engine.window(path.join(outside, 't.parquet'), TableWindowQuery.parse({}))).rejects.toMatchObject({ name: 'TableError' });
    rmSync(outside, { recursive: true });
  });

  test('stops a query nobody waits for, and goes on with others', async () => {
    const [pid] = engine.pids();
    const abort = new AbortController();
    const slow = window({ sort: '[{"column":"x"}]', offset: '1999000' }, 'large.parquet');
    const given = engine.window(
      at('large.parquet'),
      TableWindowQuery.parse({ sort: '[{"column":"name"},{"column":"x"}]', offset: '1900000' }),
      abort.signal,
    );
    setTimeout(() => abort.abort(), 30);
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    expect((await slow).total).toBe(2_000_000);
    expect(engine.pids()).toEqual([pid]);
  });

  test('that is killed is followed by another', async () => {
    await window();
    process.kill(engine.pids()[0]!, 'SIGKILL');
    await expect
      .poll(
        async () =>
          await window().then(
            ({ total }) => total,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(100);
  });

  test('that grows beyond its share is ended, and says so', async () => {
    const small = createTableEngine({
      directories: [directory],
      spillDirectory: at('spill'),
      logger: silentLogger(),
      memory: { memoryMb: 512, residentMb: 60 },
    });
    await expect(
      small.window(at('large.parquet'), TableWindowQuery.parse({ sort: '[{"column":"x"}]', offset: '1999000' })),
    ).rejects.toMatchObject({ code: 'too-heavy' });
    await small.stop();
  });

  test('that is over its time is interrupted', async () => {
    const hasty = createTableEngine({
      directories: [directory],
      spillDirectory: at('spill'),
      logger: silentLogger(),
      timeouts: { windowMs: 1 },
    });
    await expect(hasty.window(at('large.parquet'), TableWindowQuery.parse({}))).rejects.toMatchObject({ code: 'too-heavy' });
    await hasty.stop();
  });
});

describe('a file that was sent', () => {
  const inspect = async (name: string, content: string | Uint8Array, format: Parameters<TableEngine['inspect']>[1]) => {
    writeFileSync(at(name), content);
    return await engine
      .inspect(at(name), format, at(`${name}.made`))
      .catch((error: { code: string; message: string }) => ({ code: error.code, message: error.message }));
  };
  const columnsOf = (answer: unknown): unknown =>
    (answer as { columns: { name: string; type: string }[] }).columns.map(({ name, type }) => `${name} ${type}`);

  test.each<[string, string | Uint8Array, Parameters<TableEngine['inspect']>[1], number, string[]]>([
    ['a.csv', 'id,when,what\n1,2024-01-01,"a, b"\n2,,x\n', 'csv', 2, ['id BIGINT', 'when DATE', 'what VARCHAR']],
    ['semicolon.csv', 'a;b\n1;2,5\n', 'csv', 1, ['a BIGINT', 'b VARCHAR']],
    ['a.tsv', 'a\tb\n1\tx, y\n', 'tsv', 1, ['a BIGINT', 'b VARCHAR']],
    ['header.csv', 'a,b\n', 'csv', 0, ['a VARCHAR', 'b VARCHAR']],
    ['one.csv', 'a\n1\n2\n', 'csv', 2, ['a BIGINT']],
    ['utf16.csv', Buffer.from('\uFEFFa,b\n1,é\n', 'utf16le'), 'csv', 1, ['a BIGINT', 'b VARCHAR']],
    ['late.csv', `a,b\n${'1,2\n'.repeat(50_000)}x,2\n`, 'csv', 50_001, ['a VARCHAR', 'b BIGINT']],
    ['a.json', '[{"a":1,"b":{"c":[1]}},{"a":2}]', 'json', 2, ['a BIGINT', 'b STRUCT(c BIGINT[])']],
    ['a.jsonl', '{"a":1}\n{"a":2.5}\n', 'jsonl', 2, ['a DOUBLE']],
  ])('%s becomes a table', async (name, content, format, rows, columns) => {
    const answer = await inspect(name, content, format);
    expect(answer).toMatchObject({ rows, isTable: true });
    expect(columnsOf(answer)).toEqual(columns);
    expect((await window({}, `${name}.made`)).total).toBe(rows);
  });

  test('in an old encoding is read, with a word about it', async () => {
    expect(await inspect('latin.csv', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), 'csv')).toMatchObject({
      rows: 1,
      note: expect.stringContaining('Latin-1'),
    });
    expect((await window({}, 'latin.csv.made')).rows).toEqual([[1, 'café']]);
  });

  test('with both kinds of line ends is read', async () => {
    expect(await inspect('ends.csv', 'a,b\r\n1,x\n2,y\n', 'csv')).toMatchObject({ rows: 2 });
  });

  test.each<[string, string | Uint8Array, Parameters<TableEngine['inspect']>[1], string]>([
    ['empty.csv', '', 'csv', 'The file is empty.'],
    ['short.csv', 'a,b,c\n1,2,3\n1,2\n4,5,6,7\n', 'csv', 'The CSV is broken at line 3: the first line has 3 columns, this one has 2.'],
    [
      'long.csv',
      `a,b\n${'1,2\n'.repeat(50_000)}1,2,3\n`,
      'csv',
      'The CSV is broken at line 50002: the first line has 2 columns, this one has 3.',
    ],
    ['quote.csv', 'a,b,c\n1,"2,3\n1,2,2\n', 'csv', 'The CSV is broken at line 2: a quote is opened and never closed.'],
    ['binary.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 1, 2]), 'csv', 'The name says CSV, but the bytes are no text.'],
    ['broken.json', '[{"a":1},{"a":', 'json', 'The JSON is broken'],
    ['deep.json', '['.repeat(300_000), 'json', 'The JSON is broken'],
    ['text.parquet', 'a,b\n1,2\n', 'parquet', 'The name says Parquet, but the bytes are something else.'],
    ['cut.parquet', 'PAR1 and nothing more', 'parquet', 'The Parquet file is damaged or incomplete'],
  ])('%s is refused with a sentence that says why', async (name, content, format, sentence) => {
    expect(await inspect(name, content, format)).toEqual({ code: 'unreadable', message: expect.stringContaining(sentence) });
  });
});

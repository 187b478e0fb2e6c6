import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TableError } from '../table-task.ts';
import { inspectWorkbook } from './inspect-workbook.ts';
import { workbookEntries, workbookOf, zipOf, type TestEntry } from './test-workbook.ts';

let directory: string;
let duckdb: DuckDBConnection;
/** Each has a path of its own: DuckDB remembers what it read under one. */
let outputs = 0;
let target = '';
const at = (name: string): string => path.join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ensemble-workbooks-'));
  duckdb = await (await DuckDBInstance.create()).connect();
});
afterAll(() => {
  duckdb.closeSync();
  rmSync(directory, { recursive: true, force: true });
});

async function inspect(content: Buffer, check = () => {}) {
  writeFileSync(at('book.xlsx'), content);
  target = at(`out${(outputs += 1)}`);
  try {
    return await inspectWorkbook(duckdb, at('book.xlsx'), target, check);
  } finally {
    expect(existsSync(`${target}.csv`)).toBe(false);
  }
}

/** Names with types, and the rows as text. */
async function tableOf(content: Buffer) {
  const { columns, rows, note, isTable } = await inspect(content);
  if (!isTable) return { note };
  const cells = await duckdb.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('${target}')`);
  expect(cells.getRowsJS()).toHaveLength(rows);
  return { columns: columns.map(({ name, type }) => `${name} ${type}`), cells: cells.getRowsJS(), note };
}

const sheet = (rows: string, more?: Record<string, string>) => tableOf(zipOf(workbookEntries(rows, more)));
const head = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>';

test('a workbook that openpyxl wrote: names, types, dates, gaps, and the first of its sheets', async () => {
  copyFileSync(path.join(import.meta.dirname, 'people.fixture.xlsx'), at('real.xlsx'));
  const found = await inspectWorkbook(duckdb, at('real.xlsx'), at('real'), () => {});
  expect(found).toEqual({
    rows: 3,
    isTable: true,
    note: 'This is the sheet “People”, the first of 2; cards can read the others.',
    columns: [
      { name: 'name', type: 'VARCHAR', kind: 'text' },
      { name: 'age', type: 'BIGINT', kind: 'number' },
      { name: 'paid', type: 'DOUBLE', kind: 'number' },
      { name: 'since', type: 'TIMESTAMP', kind: 'time' },
      { name: 'member', type: 'BOOLEAN', kind: 'boolean' },
    ],
  });
  const rows = await duckdb.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('${at('real')}')`);
  expect(rows.getRowsJS()).toEqual([
    ['Ann, "Zoë"\n<b>&', '31', '1.5', '2024-01-05 00:00:00', 'true'],
    [null, '25', null, '2023-05-01 13:45:10', 'false'],
    ['Cid', '47', '3.25', null, null],
  ]);
});

describe('cells', () => {
  test('hold shared, rich, spoken and inline texts, numbers, truth, and failed formulas', async () => {
    const found = await sheet(
      `${head}<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1.5E3</v></c></row>
       <row r="3"><c r="A3" t="inlineStr"><is><r><t>in</t></r><r><t xml:space="preserve">line </t></r></is></c><c r="B3" t="e"><v>#N/A</v></c></row>
       <row r="4"><c r="A4" t="str"><f>"x"&amp;1</f><v>x1</v></c><c r="B4"><f>1+1</f><v>2</v></c></row>`,
      { 'xl/sharedStrings.xml': '<sst><si><r><t>Rich &#x41;</t></r><r><t>&lt;1&gt;</t></r><rPh><t>spoken</t></rPh></si></sst>' },
    );
    expect(found.columns).toEqual(['a VARCHAR', 'b DOUBLE']);
    expect(found.cells).toEqual([
      ['Rich A<1>', '1500.0'],
      ['inline ', null],
      ['x1', '2.0'],
    ]);
  });

  test('that do not say where they are follow each other; those that do may leave gaps', async () => {
    expect(await sheet(`${head}<row><c><v>1</v></c><c><v>2</v></c></row><row r="4"><c r="B4"><v>3</v></c></row>`)).toMatchObject({
      cells: [
        ['1', '2'],
        [null, null],
        [null, '3'],
      ],
    });
  });

  test('of several kinds make a column of text, written as cards write them', async () => {
    const found = await sheet(
      `${head}<row r="2"><c r="A2"><v>0.1</v></c><c r="B2" t="b"><v>1</v></c></row><row r="3"><c r="A3" t="str"><v>x</v></c><c r="B3"><v>7</v></c></row>`,
    );
    expect(found).toMatchObject({
      columns: ['a VARCHAR', 'b VARCHAR'],
      cells: [
        ['0.1', 'True'],
        ['x', '7'],
      ],
    });
  });

  test('are dates by their format, counted from 1900 or from 1904', async () => {
    const rows = `${head}<row r="2"><c r="A2" s="1"><v>45296.5</v></c><c r="B2" s="2"><v>59</v></c></row><row r="3"><c r="A3" s="3"><v>0.25</v></c></row>`;
    const formats = ['m/d/yyyy h:mm', '[$-409]d\\-mmm', '[h]:mm', '#,##0 "days"'];
    const codes = formats.map((code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code.replaceAll('"', '&quot;')}"/>`);
    const styles = `<styleSheet><numFmts>${codes.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="167"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>`;
    expect(await sheet(rows, { 'xl/styles.xml': styles })).toMatchObject({
      columns: ['a VARCHAR', 'b TIMESTAMP'],
      cells: [
        ['2024-01-05 12:00:00', '1900-02-28 00:00:00'],
        ['06:00:00', null],
      ],
    });
    const from1904 = '<workbook><workbookPr date1904="1"/><sheets><sheet name="P" r:id="rId1"/></sheets></workbook>';
    const later = await sheet(rows, { 'xl/styles.xml': styles, 'xl/workbook.xml': from1904 });
    expect(later.cells?.[0]?.[0]).toBe('2028-01-06 12:00:00');
  });
});

describe('names', () => {
  test('that are missing or doubled are made up as pandas makes them up', async () => {
    const names =
      '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="C1" t="str"><v>a</v></c><c r="D1" t="str"><v>a.1</v></c><c r="E1"><v>2020</v></c></row>';
    const found = await sheet(`${names}<row r="2"><c r="A2"><v>1</v></c><c r="F2"><v>2</v></c></row>`);
    expect(found.columns).toEqual(['a BIGINT', 'Unnamed: 1 DOUBLE', 'a.2 DOUBLE', 'a.1 DOUBLE', '2020 DOUBLE', 'Unnamed: 5 BIGINT']);
  });

  test('may be all there is', async () => {
    expect(await sheet(head)).toEqual({ columns: ['a DOUBLE', 'b DOUBLE'], cells: [], note: null });
  });
});

test('elements with prefixes, comments and CDATA are read like others', async () => {
  const x =
    '<x:row r="1"><x:c r="A1" t="str"><x:v><![CDATA[a<b]]></x:v></x:c></x:row><!-- <row> --><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>';
  expect(await sheet(x)).toMatchObject({ columns: ['a<b BIGINT'], cells: [['1']] });
});

test('a workbook without a sheet or without rows has no table, and says so', async () => {
  expect(await sheet('')).toEqual({ note: 'The sheet “People” is empty.' });
  expect(await sheet('', { 'xl/workbook.xml': '<workbook><sheets/></workbook>' })).toEqual({
    note: 'There is no worksheet in this workbook.',
  });
});

describe('a broken or hostile workbook is refused with a sentence', () => {
  const lying = (change: (entry: TestEntry) => TestEntry) => zipOf(workbookEntries(head).map(change));
  test.each<[string, Buffer, string]>([
    ['text', Buffer.from('a,b\n1,2\n'), 'something else'],
    ['cut', workbookOf([['a'], [1]]).subarray(0, 300), 'damaged'],
    ['no workbook', zipOf([{ name: 'word/document.xml', content: 'x' }]), 'no workbook'],
    ['two of one name', zipOf([...workbookEntries(head), ...workbookEntries(head)]), 'damaged'],
    ['unpacks to more than it says', lying((entry) => ({ ...entry, says: 5 })), 'damaged'],
    ['unpacks to less than it says', lying((entry) => ({ ...entry, says: 5_000 })), 'damaged'],
    ['says that it is endless', lying((entry) => ({ ...entry, says: 3_900_000_000 })), 'unpacks to'],
    [
      'a document type',
      zipOf(workbookEntries('', { 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>' })),
      'damaged',
    ],
    ['rows backwards', zipOf(workbookEntries('<row r="2"/><row r="1"/>')), 'damaged'],
    ['a row beyond the last', zipOf(workbookEntries('<row r="99999999999"/>')), 'damaged'],
    ['a cell beyond the last', zipOf(workbookEntries('<row><c r="ZZZZ1"><v>1</v></c></row>')), 'damaged'],
    ['a tag that never ends', zipOf(workbookEntries('', { 'xl/worksheets/sheet1.xml': '<worksheet><row' })), 'damaged'],
  ])('%s', async (_name, content, sentence) => {
    await expect(inspect(content)).rejects.toMatchObject({ code: 'unreadable', message: expect.stringContaining(sentence) });
  });

  test('and stops when nobody waits any more', async () => {
    let asked = 0;
    const check = () => {
      asked += 1;
      if (asked > 2) throw new TableError('cancelled', 'The query was stopped.');
    };
    await expect(inspect(workbookOf([['a'], [1]]), check)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

test('entries that are stored unpacked, and sheets larger than one piece, are read whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => [`name ${index}`, index]);
  const content = zipOf(
    workbookEntries(
      [['name', 'id'], ...rows]
        .map(([name, id]) => `<row><c t="str"><v>${name}</v></c><c t="${typeof id === 'number' ? 'n' : 'str'}"><v>${id}</v></c></row>`)
        .join(''),
    ).map((entry, index) => ({ ...entry, stored: index % 2 === 0 })),
  );
  expect(await inspect(content)).toMatchObject({
    rows: 20_000,
    columns: [
      { name: 'name', type: 'VARCHAR' },
      { name: 'id', type: 'BIGINT' },
    ],
  });
});

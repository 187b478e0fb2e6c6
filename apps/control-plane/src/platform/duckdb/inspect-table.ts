/**
 * Reads every byte of a file that somebody sent and says what table is in it; text formats are written as Parquet, once, for
 * everything that reads the table later. Throws `unreadable` for a file that is broken or not what its name says.
 */
import { open, stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { csvDialect, encodingOf, type CsvDialect } from './csv-dialect.ts';
import { explainFault } from './explain-fault.ts';
import { describeColumns } from './open-table.ts';
import { sqlText } from './sql-text.ts';
import { isUnpackingTrap } from './unpacking-trap.ts';
import { TableError, type InspectedTable, type ReadableFormat } from './table-task.ts';
import { inspectWorkbook } from './workbook/inspect-workbook.ts';

const HEAD_BYTES = 256 * 1024;
const MAX_COLUMNS = 5_000;
const NAMES: Record<ReadableFormat, string> = {
  csv: 'CSV',
  tsv: 'TSV',
  json: 'JSON',
  jsonl: 'JSON lines',
  parquet: 'Parquet',
  xlsx: 'XLSX',
};

export async function inspectTable(
  connection: DuckDBConnection,
  file: string,
  format: ReadableFormat,
  target: string,
  check: () => void,
): Promise<InspectedTable> {
  const head = await readHead(file);
  if (head.length === 0) throw new TableError('unreadable', 'The file is empty.');
  try {
    if (format === 'xlsx') return await inspectWorkbook(connection, file, target, check);
    if (format === 'parquet') return await inspectParquet(connection, file, head);
    if (format === 'json' || format === 'jsonl') return await inspectJson(connection, file, format, head, target);
    return await inspectCsv(connection, file, format, head, target);
  } catch (error) {
    throw explainFault(error, NAMES[format]);
  }
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function inspectParquet(connection: DuckDBConnection, file: string, head: Uint8Array): Promise<InspectedTable> {
  if (Buffer.from(head.subarray(0, 4)).toString('latin1') !== 'PAR1')
    throw new TableError('unreadable', 'The name says Parquet, but the bytes are something else.');
  const source = `read_parquet(${sqlText(file)}, hive_partitioning = false)`;
  const columns = await describeColumns(connection, source);
  const sizes = await connection.runAndReadAll(
    `SELECT (SELECT num_rows FROM parquet_file_metadata(${sqlText(file)})), (SELECT sum(total_uncompressed_size) FROM parquet_metadata(${sqlText(file)}))`,
  );
  const [rows, unpacked] = (sizes.getRowsJS()[0] ?? []).map(Number);
  const packed = (await stat(file)).size;
  if (!Number.isSafeInteger(rows) || (rows ?? -1) < 0)
    throw new TableError('unreadable', 'The Parquet file is damaged: it says an impossible number of rows.');
  if (isUnpackingTrap({ packed, unpacked: unpacked ?? 0, cells: (rows ?? 0) * columns.length })) {
    throw new TableError(
      'unreadable',
      `The file has ${packed} bytes and says that it unpacks to ${rows} rows of ${columns.length} columns: such files are not taken.`,
    );
  }
  if (columns.length > MAX_COLUMNS) return tooWide(columns.length);
  // Decodes every page, so that a damaged file is found now and not in the middle of a run.
  await connection.run(`SELECT bit_xor(hash(COLUMNS(*))) FROM ${source}`);
  return { rows: rows ?? 0, columns, note: null, isTable: true };
}

async function inspectJson(
  connection: DuckDBConnection,
  file: string,
  format: 'json' | 'jsonl',
  head: Uint8Array,
  target: string,
): Promise<InspectedTable> {
  if (head.includes(0)) throw new TableError('unreadable', 'The name says JSON, but the bytes are no UTF-8 text.');
  const shape = format === 'jsonl' ? 'newline_delimited' : 'auto';
  const source = `read_json(${sqlText(file)}, format = '${shape}', sample_size = -1, compression = 'uncompressed')`;
  return await convert(connection, source, target, null);
}

async function inspectCsv(
  connection: DuckDBConnection,
  file: string,
  format: 'csv' | 'tsv',
  head: Uint8Array,
  target: string,
): Promise<InspectedTable> {
  const separator = format === 'tsv' ? '\t' : undefined;
  const dialect = csvDialect(head, encodingOf(head), separator);
  if (!dialect) throw new TableError('unreadable', `The name says ${NAMES[format]}, but the bytes are no text.`);
  try {
    return await convertCsv(connection, file, dialect, target);
  } catch (error) {
    const isEncoding = dialect.encoding === 'utf-8' && error instanceof Error && /unicode|not utf-8/i.test(error.message);
    const western = isEncoding ? csvDialect(head, 'latin-1', separator) : undefined;
    if (!western) throw error;
    return {
      ...(await convertCsv(connection, file, western, target)),
      note: 'The text is not UTF-8 and was read as Latin-1: look whether its letters are right.',
    };
  }
}

async function convertCsv(connection: DuckDBConnection, file: string, dialect: CsvDialect, target: string): Promise<InspectedTable> {
  const common = `delim = ${sqlText(dialect.separator)}, quote = '"', escape = '"', header = true, encoding = '${dialect.encoding}', compression = 'none'`;
  try {
    const typed = `read_csv(${sqlText(file)}, ${common}, skip = 0, comment = '', null_padding = false, strict_mode = true, sample_size = -1)`;
    return await convert(connection, typed, target, null);
  } catch (error) {
    if (!(error instanceof Error) || !/sniff/i.test(error.message)) throw error;
    // The sniffer gives no place. Reading with the columns of the first line does, or shows that only the sniffing failed.
    const names = Array.from({ length: dialect.columns }, (_, index) => `${sqlText(`c${index}`)}: 'VARCHAR'`).join(', ');
    const strict = `read_csv(${sqlText(file)}, ${common}, auto_detect = false, columns = {${names}})`;
    await connection.run(`SELECT count(*) FROM ${strict}`).catch((fault: unknown) => {
      // So it says when lines end in more than one way, which is no reason to refuse a file.
      if (!(fault instanceof Error) || !/invalid state/.test(fault.message)) throw fault;
    });
    const lenient = `read_csv(${sqlText(file)}, ${common}, skip = 0, comment = '', strict_mode = false, sample_size = -1)`;
    return await convert(connection, lenient, target, 'The file does not keep to one way of writing CSV: look whether its rows are right.');
  }
}

async function convert(connection: DuckDBConnection, source: string, target: string, note: string | null): Promise<InspectedTable> {
  const found = await describeColumns(connection, source);
  if (found.length > MAX_COLUMNS) return tooWide(found.length);
  await connection.run(`COPY (SELECT * FROM ${source}) TO ${sqlText(target)} (FORMAT parquet)`);
  const made = `read_parquet(${sqlText(target)}, hive_partitioning = false)`;
  const [counted] = (await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${sqlText(target)})`)).getRowsJS();
  return { rows: Number(counted?.[0] ?? 0), columns: await describeColumns(connection, made), note, isTable: true };
}

const tooWide = (columns: number): InspectedTable => ({
  rows: 0,
  columns: [],
  note: `The table has ${columns} columns; at most ${MAX_COLUMNS} are shown here. Cards can read it.`,
  isTable: false,
});

/**
 * The first sheet of a workbook as a table: its first row has the names. DuckDB's own reader is an extension that would have
 * to be downloaded, so the sheet is read here and handed to DuckDB as text.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { describeColumns } from '../open-table.ts';
import { sqlName, sqlText } from '../sql-text.ts';
import { TableError, type InspectedTable } from '../table-task.ts';
import { readSheet, type SheetRow } from './read-sheet.ts';
import { SheetColumns } from './sheet-columns.ts';
import { readDateStyles, readSharedTexts, readWorkbookParts } from './workbook-parts.ts';
import { withZipArchive, type ZipArchive } from './zip-archive.ts';

const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;
const MAX_RATIO = 200;
/** Below this the ratio says nothing. */
const SMALL_BYTES = 256 * 1024 ** 2;
const MAX_COLUMNS = 5_000;
const MAX_LINE_BYTES = 64 * 1024 ** 2;

const damaged = (sentence = 'The XLSX file is damaged or incomplete: save it again, then send it again.'): TableError =>
  new TableError('unreadable', sentence);

/** `check` throws when nobody waits any more. */
export async function inspectWorkbook(
  connection: DuckDBConnection,
  file: string,
  target: string,
  check: () => void,
): Promise<InspectedTable> {
  await refuseOtherFiles(file);
  const csv = `${target}.csv`;
  try {
    return await withZipArchive(file, damaged, async (archive) => {
      refuseTraps(archive);
      const { sheets, from1904 } = await readWorkbookParts(archive, check);
      const [first] = sheets;
      if (!first) return noTable('There is no worksheet in this workbook.');
      const context = { sharedTexts: await readSharedTexts(archive, check), dateStyles: await readDateStyles(archive, check), from1904 };
      const written = await writeCsv(csv, check, (pause, onRow) => readSheet(archive.read(first.entry), context, pause, onRow));
      if (!written) return noTable(`The sheet “${first.name}” is empty.`);
      if (written.columns.width > MAX_COLUMNS)
        return noTable(`The table has ${written.columns.width} columns; at most ${MAX_COLUMNS} are shown here. Cards can read it.`);
      const note =
        sheets.length === 1 ? null : `This is the sheet “${first.name}”, the first of ${sheets.length}; cards can read the others.`;
      return { ...(await toParquet(connection, csv, written, target)), note };
    });
  } finally {
    await rm(csv, { force: true });
  }
}

async function refuseOtherFiles(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.toString('latin1') !== 'PK\u0003\u0004') throw damaged('The name says XLSX, but the bytes are something else.');
  } finally {
    await handle.close();
  }
}

function refuseTraps({ bytes, unpackedBytes, has }: ZipArchive): void {
  if (unpackedBytes > MAX_UNPACKED_BYTES || (unpackedBytes > SMALL_BYTES && unpackedBytes > bytes * MAX_RATIO))
    throw damaged(`The file has ${bytes} bytes and says that it unpacks to ${unpackedBytes}: such files are not taken.`);
  if (!has('xl/workbook.xml')) throw damaged('The name says XLSX, but there is no workbook inside.');
}

const noTable = (note: string): InspectedTable => ({ rows: 0, columns: [], note, isTable: false });

interface WrittenSheet {
  columns: SheetColumns;
  longestLine: number;
}

/** Every value as text, after a mark that keeps empty rows from being empty lines; an empty cell is nothing between two commas. Undefined for a sheet without rows. */
async function writeCsv(
  path: string,
  check: () => void,
  read: (pause: () => Promise<void>, onRow: (row: SheetRow) => void) => Promise<void>,
): Promise<WrittenSheet | undefined> {
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const done = finished(out);
  // Awaited below; a failure before that must not end the process.
  done.catch(() => undefined);
  await once(out, 'open');
  let columns: SheetColumns | undefined;
  let longestLine = 0;
  try {
    const pause = async () => {
      check();
      if (out.writableNeedDrain) await once(out, 'drain');
    };
    await read(pause, (row) => {
      if (!columns) {
        columns = new SheetColumns(row);
        return;
      }
      const fields = Array.from({ length: row.length }, (_, index) => {
        const cell = row[index];
        if (!cell) return '';
        columns!.note(index, cell.kind);
        return `"${cell.text.replaceAll('"', '""')}"`;
      });
      const line = `${['-', ...fields].join(',')}\n`;
      longestLine = Math.max(longestLine, Buffer.byteLength(line));
      out.write(line);
    });
  } finally {
    out.end();
    await done;
  }
  return columns && columns.width > 0 ? { columns, longestLine } : undefined;
}

async function toParquet(
  connection: DuckDBConnection,
  csv: string,
  { columns, longestLine }: WrittenSheet,
  target: string,
): Promise<Omit<InspectedTable, 'note'>> {
  if (longestLine > MAX_LINE_BYTES) throw new TableError('too-heavy', 'A row of the sheet has more text than can be looked into here.');
  const list = columns.list();
  const texts = ['mark', ...list.map((_, index) => `c${index}`)].map((name) => `${name}: 'VARCHAR'`).join(', ');
  const lines = `max_line_size = ${Math.max(2_097_152, longestLine + 1_024)}`;
  const source = `read_csv(${sqlText(csv)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', null_padding = true, nullstr = '', allow_quoted_nulls = false, strict_mode = true, parallel = false, ${lines}, columns = {${texts}})`;
  const values = list.map(({ name, type }, index) => `CAST(c${index} AS ${type}) AS ${sqlName(name)}`).join(', ');
  await connection.run(`COPY (SELECT ${values} FROM ${source}) TO ${sqlText(target)} (FORMAT parquet)`);
  const [counted] = (await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${sqlText(target)})`)).getRowsJS();
  const made = `read_parquet(${sqlText(target)}, hive_partitioning = false)`;
  return { rows: Number(counted?.[0] ?? 0), columns: await describeColumns(connection, made), isTable: true };
}

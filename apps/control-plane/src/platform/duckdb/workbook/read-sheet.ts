/** The rows of one worksheet, one after the other, as they come out of the archive. Empty rows at the end are left out. */
import { TableError } from '../table-task.ts';
import { dateText } from './cell-format.ts';
import { attributeOf, scanXml } from './scan-xml.ts';
import type { Cell } from './sheet-columns.ts';

/** What Excel itself has room for. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;

export interface SheetContext {
  sharedTexts: readonly string[];
  dateStyles: readonly boolean[];
  from1904: boolean;
}

export type SheetRow = readonly (Cell | undefined)[];

export async function readSheet(
  chunks: AsyncIterable<Uint8Array>,
  context: SheetContext,
  pause: () => void | Promise<void>,
  onRow: (row: SheetRow) => void,
): Promise<void> {
  let row: (Cell | undefined)[] = [];
  let rowNumber = 0;
  let given = 0;
  let column = -1;
  let type = 'n';
  let isDate = false;
  let value: string | undefined;
  /** Within an element whose text is the value. */
  let reading = false;
  let phonetic = false;

  const endRow = (): void => {
    if (!row.some((cell) => cell !== undefined)) return;
    // Rows that are not written are empty ones.
    for (given += 1; given < rowNumber; given++) onRow([]);
    onRow(row);
  };

  await scanXml(
    chunks,
    {
      open(element, attributes) {
        if (element === 'row') {
          row = [];
          const written = Number(attributeOf(attributes, 'r') ?? rowNumber + 1);
          if (!Number.isInteger(written) || written <= rowNumber || written > MAX_ROWS) throw odd();
          rowNumber = written;
          column = -1;
        } else if (element === 'c') {
          const place = attributeOf(attributes, 'r');
          column = place === undefined ? column + 1 : columnOf(place);
          if (column >= MAX_COLUMNS) throw odd();
          type = attributeOf(attributes, 't') ?? 'n';
          isDate = context.dateStyles[Number(attributeOf(attributes, 's') ?? 0)] === true;
          value = undefined;
        } else if (element === 'rPh') phonetic = true;
        else if ((element === 'v' || element === 't') && !phonetic) {
          reading = true;
          value ??= '';
        }
      },
      text(piece) {
        if (reading) value += piece;
      },
      close(element) {
        if (element === 'v' || element === 't') reading = false;
        else if (element === 'rPh') phonetic = false;
        else if (element === 'c') {
          const cell = value === undefined ? undefined : cellOf(type, value, isDate, context);
          if (cell) row[column] = cell;
        } else if (element === 'row') endRow();
      },
    },
    pause,
  );
}

/** `BC12` → 54. */
function columnOf(place: string): number {
  let number = 0;
  for (const char of place) {
    const digit = char.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    number = number * 26 + digit;
    if (number > MAX_COLUMNS) throw odd();
  }
  if (number === 0) throw odd();
  return number - 1;
}

/** Undefined for an empty cell and for one whose formula failed. */
function cellOf(type: string, value: string, isDate: boolean, { sharedTexts, from1904 }: SheetContext): Cell | undefined {
  if (type === 'e') return undefined;
  if (type === 's') return textCell(sharedTexts[Number(value)]);
  if (type === 'str' || type === 'inlineStr') return textCell(value);
  if (type === 'b') return { kind: 'boolean', text: value.trim() === '1' ? 'True' : 'False' };
  if (type === 'd') return { kind: 'moment', text: value.replace('T', ' ').replace('Z', '') };
  const text = value.trim();
  if (text === '') return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) return textCell(value);
  const date = isDate ? dateText(number, from1904) : undefined;
  if (date) return { kind: date.isMoment ? 'moment' : 'text', text: date.text };
  return /^-?\d{1,15}$/.test(text) ? { kind: 'integer', text } : { kind: 'number', text: String(number) };
}

const textCell = (text: string | undefined): Cell | undefined => (text === undefined || text === '' ? undefined : { kind: 'text', text });

const odd = (): TableError => new TableError('unreadable', 'The XLSX file is damaged: its rows and cells are not where they say they are.');

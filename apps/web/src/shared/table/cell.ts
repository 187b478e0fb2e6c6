/** A cell of a table as people read it. Knows nothing of layout. */
import type { TableCell } from '@ensemble/protocol';

export interface CellLook {
  text: string;
  /** `missing` is null, `odd` a number that is none or has no end. */
  tone?: 'missing' | 'odd';
}

/** Whole numbers in full (they may be identifiers), others with up to seven significant digits. */
function tableNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value + 0);
  const size = Math.abs(value);
  return size < 1e-4 || size >= 1e12 ? value.toExponential(4) : String(Number(value.toPrecision(7)));
}

/** The number a cell stands for; undefined when it stands for none. */
function numberOf(cell: TableCell): number | undefined {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' && cell !== null ? Number(cell.$number) : undefined;
}

const textOf = (cell: TableCell): string => (typeof cell === 'object' ? '' : String(cell));

export function cellLook(cell: TableCell): CellLook {
  if (cell === null) return { text: 'null', tone: 'missing' };
  const number = numberOf(cell);
  if (number !== undefined) return { text: tableNumber(number), ...(Number.isFinite(number) ? {} : { tone: 'odd' as const }) };
  return { text: textOf(cell) };
}

/** The whole value, for the clipboard and the tooltip. */
export const cellFull = (cell: TableCell): string => {
  if (cell === null) return '';
  const number = numberOf(cell);
  return number === undefined ? textOf(cell) : String(number);
};

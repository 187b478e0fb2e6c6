/** Where a key moves the active cell of a grid. Pure. */
export interface CellPlace {
  row: number;
  column: number;
}

export interface GridSize {
  rows: number;
  columns: number;
  /** Rows of one screen. */
  page: number;
}

/** Undefined for keys that do not move. `whole`: Ctrl or Command is held. */
export function moveCell({ row, column }: CellPlace, key: string, whole: boolean, size: GridSize): CellPlace | undefined {
  const last = { row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) };
  const at = (toRow: number, toColumn: number): CellPlace => ({
    row: Math.min(last.row, Math.max(0, toRow)),
    column: Math.min(last.column, Math.max(0, toColumn)),
  });
  switch (key) {
    case 'ArrowDown':
      return whole ? at(last.row, column) : at(row + 1, column);
    case 'ArrowUp':
      return whole ? at(0, column) : at(row - 1, column);
    case 'ArrowRight':
      return whole ? at(row, last.column) : at(row, column + 1);
    case 'ArrowLeft':
      return whole ? at(row, 0) : at(row, column - 1);
    case 'PageDown':
      return at(row + size.page, column);
    case 'PageUp':
      return at(row - size.page, column);
    case 'Home':
      return at(whole ? 0 : row, 0);
    case 'End':
      return at(whole ? last.row : row, last.column);
    default:
      return undefined;
  }
}

import { useVirtualizer } from '@tanstack/react-virtual';
import type { TableCell, TableColumn, TableWindow } from '@ensemble/protocol';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TableSource, TableView } from '../api/table-source.ts';
import { cellFull, cellLook } from './cell.ts';
import { ColumnHead, HEAD_HEIGHT } from './column-head.tsx';
import classes from './data-table.module.css';
import { moveCell } from './move-cell.ts';
import type { CellPlace } from './move-cell.ts';
import { ROW_HEIGHT } from './row-limit.ts';
import { useColumnStatistics } from './use-column-statistics.ts';

export interface RowRange {
  first: number;
  last: number;
}

interface TableGridProps {
  name: string;
  source: TableSource;
  head: TableWindow;
  view: TableView;
  /** Of the first row shown here, in the whole table. */
  start: number;
  count: number;
  rowAt: (index: number) => readonly TableCell[] | undefined;
  /** Asks to bring a row to the top; `serial` tells requests apart. */
  jump: { row: number; serial: number } | undefined;
  onRange: (range: RowRange) => void;
  onView: (view: TableView) => void;
}

const GUTTER = 68;

const LEAST_WIDTH: Record<TableColumn['kind'], number> = { number: 118, boolean: 100, text: 150, nested: 180, time: 184 };

const widthOf = ({ kind, name }: TableColumn): number => Math.min(280, Math.max(LEAST_WIDTH[kind], 40 + name.length * 7.6));

/** The cells in view, rows and columns both virtual. Arrow keys move the active cell, Ctrl+C copies it. */
export function TableGrid({ name, source, head, view, start, count, rowAt, jump, onRange, onView }: TableGridProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPlace>();
  const widths = useMemo(() => head.columns.map(widthOf), [head.columns]);
  const names = useMemo(() => head.columns.map((column) => column.name), [head.columns]);
  // oxlint-disable-next-line react/incompatible-library -- no compiler runs here, and the virtualizers are passed to nothing
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    overscan: 10,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => widths[index] ?? 120,
    paddingStart: GUTTER,
    scrollPaddingStart: GUTTER,
    overscan: 3,
  });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();
  const first = shownRows[0]?.index ?? 0;
  const last = shownRows.at(-1)?.index ?? 0;
  useEffect(() => onRange({ first, last }), [first, last, onRange]);
  const statistics = useColumnStatistics(source, names, view.filters, {
    first: shownColumns[0]?.index ?? 0,
    last: shownColumns.at(-1)?.index ?? 0,
    // Rows come before statistics: people wait for them.
    mayStart: count === 0 || (rowAt(first) !== undefined && rowAt(last) !== undefined),
  });
  const jumped = useRef<number>(undefined);
  useEffect(() => {
    if (!jump || jumped.current === jump.serial) return;
    jumped.current = jump.serial;
    rows.scrollToIndex(jump.row, { align: 'start' });
  }, [jump, rows]);
  useEffect(() => columns.measure(), [widths, columns]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== box.current) return;
    const whole = event.ctrlKey || event.metaKey;
    if (whole && event.key === 'c' && active && !window.getSelection()?.toString()) {
      const cell = rowAt(active.row)?.[active.column];
      if (cell !== undefined) void navigator.clipboard.writeText(cellFull(cell));
      return;
    }
    const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const next = moveCell(active ?? { row: first, column: 0 }, event.key, whole, { rows: count, columns: widths.length, page });
    if (!next) return;
    event.preventDefault();
    setActive(next);
    rows.scrollToIndex(next.row);
    columns.scrollToIndex(next.column);
  };
  const cellId = ({ row, column }: CellPlace) => `${id}-${row}-${column}`;
  const width = columns.getTotalSize();
  const groupTop = shownRows[0]?.start ?? 0;
  return (
    <div
      ref={box}
      role="grid"
      className={classes['grid']}
      aria-label={name}
      aria-rowcount={head.total + 1}
      aria-colcount={widths.length + 1}
      aria-activedescendant={active ? cellId(active) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={classes['head']} style={{ width, height: HEAD_HEIGHT }}>
        <div role="row" aria-rowindex={1}>
          <div role="columnheader" aria-colindex={1} className={classes['corner']} style={{ width: GUTTER, height: HEAD_HEIGHT }}>
            row
          </div>
          {shownColumns.map(({ index, start: left, size }) => {
            const column = head.columns[index];
            return column ? (
              <ColumnHead
                key={`${index} ${column.name}`}
                index={index}
                left={left}
                width={size}
                column={column}
                statistics={statistics.get(column.name)}
                rows={head.total}
                sort={view.sort}
                filtered={view.filters.some((filter) => filter.column === column.name)}
                onSort={(sort) => onView({ ...view, sort })}
                onFilter={(filter) => onView({ ...view, filters: [...view.filters, filter] })}
              />
            ) : null;
          })}
        </div>
      </div>
      <div role="rowgroup" style={{ width, height: rows.getTotalSize() - HEAD_HEIGHT }}>
        {/* Rows are placed within a group that is moved as a whole: millions of pixels down, single positions are rounded unevenly. */}
        <div className={classes['rows']} role="presentation" style={{ transform: `translateY(${groupTop}px)`, width }}>
          {shownRows.map(({ index, start: top }) => {
            const cells = rowAt(index);
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={start + index + 2}
                className={classes['row']}
                style={{ top: top - groupTop, width, height: ROW_HEIGHT }}
              >
                <div role="rowheader" aria-colindex={1} className={classes['gutter']} style={{ width: GUTTER }}>
                  {(start + index + 1).toLocaleString()}
                </div>
                {shownColumns.map(({ index: column, start: left, size }) => {
                  const cell = cells?.[column];
                  const shown = cell === undefined ? undefined : cellLook(cell);
                  return (
                    // The keyboard moves between cells by the grid; a click is the same for the mouse.
                    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                    <div
                      key={column}
                      id={cellId({ row: index, column })}
                      role="gridcell"
                      aria-colindex={column + 2}
                      className={classes['cell']}
                      data-kind={head.columns[column]?.kind}
                      data-tone={shown?.tone}
                      data-active={(active?.row === index && active.column === column) || undefined}
                      title={cell === undefined ? undefined : cellFull(cell)}
                      style={{ left, width: size }}
                      onClick={() => setActive({ row: index, column })}
                    >
                      {shown ? shown.text : <span className={classes['waiting']} />}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

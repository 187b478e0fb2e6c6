import { Skeleton, Text } from '@mantine/core';
import type { ColumnStatistics, TableColumn } from '@ensemble/protocol';
import type { TableSource } from '../api/table-source.ts';
import { cellLook } from './cell.ts';
import classes from './column-summaries.module.css';
import { Histogram } from './histogram.tsx';
import { useColumnStatistics } from './use-column-statistics.ts';

/** More are a table of their own. */
const MOST = 24;

/** The columns of a table one below the other: name, type, distribution, range and what is missing. */
export function ColumnSummaries({ source, columns }: { source: TableSource; columns: readonly TableColumn[] }) {
  const shown = columns.slice(0, MOST);
  const statistics = useColumnStatistics(
    source,
    shown.map(({ name }) => name),
    [],
    { first: 0, last: shown.length - 1, mayStart: true },
  );
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <div className={classes['frame']} role="region" tabIndex={0} aria-label="Columns, scrollable">
        <ul className={classes['columns']} aria-label="Columns">
          {shown.map((column) => (
            <Column key={column.name} column={column} statistics={statistics.get(column.name)} />
          ))}
        </ul>
      </div>
      {columns.length > MOST ? (
        <Text size="xs" c="var(--e-dim)">
          And {columns.length - MOST} more columns.
        </Text>
      ) : null}
    </>
  );
}

function Column({ column, statistics }: { column: TableColumn; statistics: ColumnStatistics | undefined }) {
  return (
    <li className={classes['column']}>
      <span className={classes['names']}>
        <span className={classes['name']} title={column.name}>
          {column.name}
        </span>
        <span className={classes['type']}>{column.type.toLowerCase()}</span>
      </span>
      <span className={classes['bars']}>
        {statistics?.histogram ? <Histogram histogram={statistics.histogram} height={26} /> : null}
        {statistics ? null : <Skeleton height={20} radius="sm" aria-label={`Computing statistics of ${column.name}`} />}
      </span>
      <span className={classes['facts']}>
        {statistics ? <span>{rangeOf(statistics)}</span> : null}
        {statistics ? <span className={classes['missing']}>{missingOf(statistics)}</span> : null}
      </span>
    </li>
  );
}

const rangeOf = ({ kind, min, max, distinct }: ColumnStatistics): string =>
  (kind === 'number' || kind === 'time') && min !== null && max !== null
    ? `${cellLook(min).text} – ${cellLook(max).text}`
    : `${distinct.toLocaleString('en')} ${distinct === 1 ? 'value' : 'values'}`;

const missingOf = ({ nulls, nans }: ColumnStatistics): string =>
  nulls + nans === 0 ? 'none missing' : `${(nulls + nans).toLocaleString('en')} missing`;

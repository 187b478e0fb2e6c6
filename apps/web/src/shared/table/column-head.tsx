import { ActionIcon, Popover } from '@mantine/core';

import { ArrowDown, ArrowUp, ListFilter } from 'lucide-react';
import { useState } from 'react';
import { ColumnDetails } from './column-details.tsx';
import type { ColumnDetailsProps } from './column-details.tsx';
import classes from './data-table.module.css';
import { Histogram } from './histogram.tsx';
import { turnSort } from './table-view.ts';

export const HEAD_HEIGHT = 78;

interface ColumnHeadProps extends ColumnDetailsProps {
  index: number;
  left: number;
  width: number;
  filtered: boolean;
}

const ORDER = { up: 'ascending', down: 'descending', none: 'none' } as const;

/** Name, type, order and distribution of one column. */
export function ColumnHead({ index, left, width, filtered, ...details }: ColumnHeadProps) {
  const { column, statistics, sort, onSort, onFilter } = details;
  const [opened, setOpened] = useState(false);
  const sorted = sort.find((item) => item.column === column.name);
  const order = !sorted ? 'none' : sorted.descending === true ? 'down' : 'up';
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-sort={ORDER[order]}
      className={classes['columnHead']}
      data-kind={column.kind}
      style={{ left, width, height: HEAD_HEIGHT }}
    >
      <div className={classes['columnTop']}>
        <button
          type="button"
          className={classes['columnName']}
          title={`${column.name} · ${column.type}`}
          onClick={() => onSort(turnSort(sort, column.name))}
        >
          <span>{column.name}</span>
          {order === 'up' ? <ArrowUp size={13} aria-hidden /> : null}
          {order === 'down' ? <ArrowDown size={13} aria-hidden /> : null}
        </button>
        <Popover opened={opened} onChange={setOpened} position="bottom-end" width={310} shadow="md" radius="md" trapFocus withinPortal>
          <Popover.Target>
            <ActionIcon
              size="xs"
              aria-label={`Filter and statistics of ${column.name}`}
              data-on={filtered || undefined}
              className={classes['columnMenu']}
              onClick={() => setOpened((now) => !now)}
            >
              <ListFilter size={13} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown className={classes['details']}>
            <ColumnDetails
              {...details}
              onFilter={(filter) => {
                setOpened(false);
                onFilter(filter);
              }}
            />
          </Popover.Dropdown>
        </Popover>
      </div>
      <div className={classes['columnType']}>
        {column.type.toLowerCase()}
        {statistics && statistics.nulls + statistics.nans > 0 ? <em> · {missingText(statistics)}</em> : null}
      </div>
      {statistics?.histogram ? <Histogram histogram={statistics.histogram} height={24} /> : <div className={classes['noBars']} />}
    </div>
  );
}

const missingText = ({ nulls, nans }: { nulls: number; nans: number }): string =>
  [...(nulls > 0 ? [`${nulls.toLocaleString()} null`] : []), ...(nans > 0 ? [`${nans.toLocaleString()} NaN`] : [])].join(', ');

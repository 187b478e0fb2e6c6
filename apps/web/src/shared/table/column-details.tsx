import { Button, Group, NativeSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import type { ColumnStatistics, TableColumn, TableFilter, TableSort } from '@ensemble/protocol';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { barsOf } from './bars-of.ts';
import { cellLook } from './cell.ts';
import classes from './data-table.module.css';
import { Histogram } from './histogram.tsx';
import { opsOf, readFilter, takesValue } from './table-view.ts';
import type { FilterOp } from './table-view.ts';

export interface ColumnDetailsProps {
  column: TableColumn;
  statistics: ColumnStatistics | undefined;
  rows: number;
  sort: readonly TableSort[];
  onSort: (sort: TableSort[]) => void;
  onFilter: (filter: TableFilter) => void;
}

/** What is in one column, and how to sort and filter by it. */
export function ColumnDetails({ column, statistics, rows, sort, onSort, onFilter }: ColumnDetailsProps) {
  const sorted = sort.find((item) => item.column === column.name);
  return (
    <Stack gap="sm">
      <div>
        <Text fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {column.name}
        </Text>
        <Text size="xs" c="var(--e-dim)">
          {column.type}
        </Text>
      </div>
      <Group gap={6} grow>
        <Button
          size="compact-xs"
          variant={sorted?.descending === false ? 'filled' : 'default'}
          leftSection={<ArrowUp size={13} aria-hidden />}
          onClick={() => onSort([{ column: column.name, descending: false }])}
        >
          Sort up
        </Button>
        <Button
          size="compact-xs"
          variant={sorted?.descending === true ? 'filled' : 'default'}
          leftSection={<ArrowDown size={13} aria-hidden />}
          onClick={() => onSort([{ column: column.name, descending: true }])}
        >
          Sort down
        </Button>
      </Group>
      <FilterForm column={column} onFilter={onFilter} />
      {statistics ? <Facts statistics={statistics} rows={rows} /> : <Skeleton height={120} radius="md" aria-label="Computing statistics" />}
    </Stack>
  );
}

function FilterForm({ column, onFilter }: { column: TableColumn; onFilter: (filter: TableFilter) => void }) {
  const ops = opsOf(column.kind);
  const [op, setOp] = useState<FilterOp>(ops[0]!.value);
  const [text, setText] = useState('');
  const [message, setMessage] = useState<string>();
  return (
    <form
      className={classes['filterForm']}
      onSubmit={(event) => {
        event.preventDefault();
        const reading = readFilter(column, op, text);
        if ('message' in reading) setMessage(reading.message);
        else onFilter(reading.filter);
      }}
    >
      <NativeSelect
        size="xs"
        aria-label={`Show rows where ${column.name}`}
        data={ops}
        value={op}
        onChange={(event) => {
          setOp(event.currentTarget.value as FilterOp);
          setMessage(undefined);
        }}
      />
      {takesValue(op) ? (
        <TextInput
          size="xs"
          aria-label="Value"
          placeholder="value"
          value={text}
          error={message}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setMessage(undefined);
          }}
        />
      ) : null}
      <Button size="xs" type="submit" variant="light">
        Filter
      </Button>
    </form>
  );
}

const share = (part: number, whole: number): string => (part === 0 || whole === 0 ? '' : ` (${((part / whole) * 100).toFixed(1)} %)`);

function Facts({ statistics, rows }: { statistics: ColumnStatistics; rows: number }) {
  const { histogram, quantiles } = statistics;
  const facts: [string, string][] = [
    ['Missing', `${statistics.nulls.toLocaleString()}${share(statistics.nulls, rows)}`],
    ...(statistics.kind === 'number'
      ? [['NaN', `${statistics.nans.toLocaleString()}${share(statistics.nans, rows)}`] as [string, string]]
      : []),
    ['Different values', `about ${statistics.distinct.toLocaleString()}`],
  ];
  const measured: [string, ColumnStatistics['min']][] = [
    ['Lowest', statistics.min],
    ['25 %', quantiles?.q25 ?? null],
    ['Median', quantiles?.q50 ?? null],
    ['75 %', quantiles?.q75 ?? null],
    ['Highest', statistics.max],
    ['Mean', statistics.mean],
    ['Standard deviation', statistics.standardDeviation],
  ];
  for (const [name, cell] of measured) if (cell !== null) facts.push([name, cellLook(cell).text]);
  return (
    <>
      {histogram ? <Histogram histogram={histogram} height={64} /> : null}
      <dl className={classes['facts']}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {histogram?.kind === 'values' ? (
        <dl className={classes['facts']} aria-label="Most frequent values">
          {barsOf(histogram)
            .slice(0, 8)
            .map((bar) => (
              <div key={bar.label}>
                <dt title={bar.label}>{bar.label}</dt>
                <dd>{bar.count.toLocaleString()}</dd>
              </div>
            ))}
        </dl>
      ) : null}
    </>
  );
}

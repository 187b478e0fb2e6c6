import { Button, CloseButton, Group, Loader, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import type { TableFilter } from '@ensemble/protocol';
import { Rows3 } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { TableSource, TableView } from '../api/table-source.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import classes from './data-table.module.css';
import { TableGrid } from './table-grid.tsx';
import type { RowRange } from './table-grid.tsx';
import { rowLimit } from './row-limit.ts';
import { filterText, WHOLE_TABLE } from './table-view.ts';
import { useTableRows } from './use-table-rows.ts';

const counted = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** A table of any size: only what is in view is read. Sorts, filters and counts on the server. */
export default function DataTable({ source, name, aside }: { source: TableSource; name: string; aside?: ReactNode }) {
  const [view, setView] = useState<TableView>(WHOLE_TABLE);
  const [part, setPart] = useState(0);
  const [range, setRange] = useState<RowRange>({ first: 0, last: 60 });
  const [jump, setJump] = useState<{ row: number; serial: number }>();
  const [limit] = useState(rowLimit);
  const start = part * limit;
  const rows = useTableRows(source, view, start + range.first, start + range.last);
  const { head } = rows;
  const look = (next: TableView) => {
    setPart(0);
    setView(next);
    setJump((before) => ({ row: 0, serial: (before?.serial ?? 0) + 1 }));
  };
  const dropFilter = (filter: TableFilter) => look({ ...view, filters: view.filters.filter((item) => item !== filter) });
  const goTo = (row: number) => {
    setPart(Math.floor(row / limit));
    setJump((before) => ({ row: row % limit, serial: (before?.serial ?? 0) + 1 }));
  };
  if (!head) {
    return rows.error ? (
      <FailureNote title="This table cannot be read" error={rows.error} onRetry={rows.retry} />
    ) : (
      <Stack gap={8} role="status" aria-label="Reading the table">
        <Skeleton height={70} radius="md" />
        <Skeleton height={260} radius="md" />
      </Stack>
    );
  }
  const parts = Math.max(1, Math.ceil(head.total / limit));
  return (
    <section className={classes['root']} aria-label={name}>
      <div className={classes['bar']}>
        <Text size="sm" role="status">
          {head.total === head.totalUnfiltered
            ? counted(head.total, 'row')
            : `${head.total.toLocaleString('en')} of ${counted(head.totalUnfiltered, 'row')}`}
          {` · ${counted(head.columns.length, 'column')}`}
        </Text>
        {rows.stale ? <Loader size={14} aria-label="Reading" /> : null}
        {view.filters.map((filter) => (
          <span key={filterText(filter)} className={classes['chip']}>
            {filterText(filter)}
            <CloseButton size={16} aria-label={`Remove the filter ${filterText(filter)}`} onClick={() => dropFilter(filter)} />
          </span>
        ))}
        {view.filters.length > 0 || view.sort.length > 0 ? (
          <Button size="compact-xs" variant="subtle" onClick={() => look(WHOLE_TABLE)}>
            Show all as it came
          </Button>
        ) : null}
        <Group gap="xs" ml="auto" wrap="nowrap">
          {parts > 1 ? <Parts part={part} parts={parts} onPart={(next) => goTo(next * limit)} /> : null}
          {head.total > 100 ? <GoToRow total={head.total} onRow={(row) => goTo(row)} /> : null}
          {aside}
        </Group>
      </div>
      {rows.error ? <FailureNote title="Some rows cannot be read" error={rows.error} onRetry={rows.retry} /> : null}
      <TableGrid
        key={part}
        name={name}
        source={source}
        head={head}
        view={view}
        start={start}
        count={Math.min(limit, head.total - start)}
        rowAt={(index) => rows.rowAt(start + index)}
        jump={jump}
        onRange={setRange}
        onView={look}
      />
      {head.total === 0 ? (
        <EmptyState compact icon={Rows3} title={view.filters.length > 0 ? 'No row passes the filters' : 'This table has no rows'}>
          {view.filters.length > 0 ? 'Remove a filter to see rows again.' : 'Its columns are shown above.'}
        </EmptyState>
      ) : null}
    </section>
  );
}

function Parts({ part, parts, onPart }: { part: number; parts: number; onPart: (part: number) => void }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Button size="compact-xs" variant="default" disabled={part === 0} onClick={() => onPart(part - 1)}>
        Earlier rows
      </Button>
      <Text size="xs" c="var(--e-dim)">
        part {part + 1} of {parts}
      </Text>
      <Button size="compact-xs" variant="default" disabled={part === parts - 1} onClick={() => onPart(part + 1)}>
        Later rows
      </Button>
    </Group>
  );
}

function GoToRow({ total, onRow }: { total: number; onRow: (row: number) => void }) {
  const [text, setText] = useState<number | string>('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const row = Number(text);
        if (text !== '' && Number.isInteger(row)) onRow(Math.min(total, Math.max(1, row)) - 1);
      }}
    >
      <NumberInput
        size="xs"
        w={118}
        hideControls
        allowDecimal={false}
        min={1}
        max={total}
        aria-label="Go to row"
        placeholder="Go to row"
        value={text}
        onChange={setText}
      />
    </form>
  );
}

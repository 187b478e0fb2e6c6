import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { decodeWire } from '@ensemble/protocol';
import type { OutputArtifact } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { Download, Spline, Table2 } from 'lucide-react';
import { api } from '../../shared/api/api.ts';
import { artifactTable } from '../../shared/api/table-source.ts';
import type { TableSource } from '../../shared/api/table-source.ts';
import { useRunView, useStepOf } from '../../shared/session/run-view.ts';
import { useKnownColumns } from '../../shared/session/use-known-columns.ts';
import { ColumnSummaries } from '../../shared/table/column-summaries.tsx';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatBytes } from '../../shared/ui/times.ts';
import { KnownColumnsList } from './known-columns-list.tsx';
import { PreviewTable } from './preview-table.tsx';
import classes from './results.module.css';
import { useStepDetail } from './use-step-detail.ts';

const FIRST_ROWS = 20;
const AS_IT_CAME = { sort: [], filters: [] };

export interface WantedTable {
  source: TableSource;
  name: string;
}

interface OutputPeekProps {
  nodeId: string;
  port: string;
  /** What people call the node. */
  label: string;
  onOpenTable: (table: WantedTable) => void;
}

/** What one output of a node was in the shown run: a table's columns and first rows, anything else to download. */
export function OutputPeek({ nodeId, port, label, onOpenTable }: OutputPeekProps) {
  const { runId } = useRunView();
  const step = useStepOf(nodeId);
  const known = useKnownColumns(nodeId, 'output', port);
  const detail = useStepDetail(runId, nodeId, step?.state === 'succeeded' ? step : undefined);
  if (runId === undefined || step?.state !== 'succeeded') {
    return (
      <Stack gap="sm">
        <EmptyState compact icon={Spline} title="Nothing went through yet">
          {step?.state === 'failed'
            ? `${label} failed in this run, so it handed nothing on.`
            : `Run the pipeline: what ${label} hands on is shown here.`}
        </EmptyState>
        {known ? <KnownColumnsList table={known} /> : null}
      </Stack>
    );
  }
  if (detail.isPending) return <Skeleton height={160} radius="md" />;
  if (detail.isError) return <FailureNote error={detail.error} onRetry={() => void detail.refetch()} />;
  const output = detail.data.outputs.find(({ key }) => key === port);
  if (!output) {
    return (
      <Text size="sm" c="var(--e-dim)">
        In this run {label} made no output named {port}.
      </Text>
    );
  }
  const download = <DownloadButton href={api.artifactUrl(runId, nodeId, port)} output={output} />;
  if (output.type !== 'dataframe') return <Group>{download}</Group>;
  const source = artifactTable(runId, nodeId, output.key);
  return (
    <Stack gap="sm">
      <TablePeek source={source} />
      <Group gap="xs">
        <Button
          size="xs"
          variant="light"
          leftSection={<Table2 size={14} aria-hidden />}
          onClick={() => onOpenTable({ source, name: output.key })}
        >
          Open the whole table
        </Button>
        {download}
      </Group>
    </Stack>
  );
}

function DownloadButton({ href, output }: { href: string; output: OutputArtifact }) {
  return (
    <Button component="a" href={href} download size="xs" variant="default" leftSection={<Download size={14} aria-hidden />}>
      Download {output.key} ({output.type}, {formatBytes(output.bytes)})
    </Button>
  );
}

function TablePeek({ source }: { source: TableSource }) {
  const first = useQuery({
    queryKey: [...source.key, 'first'],
    queryFn: ({ signal }) => source.window(AS_IT_CAME, 0, FIRST_ROWS, signal),
    staleTime: Infinity,
  });
  if (first.isPending) return <Skeleton height={160} radius="md" />;
  if (first.isError) return <FailureNote title="This table cannot be read" error={first.error} onRetry={() => void first.refetch()} />;
  const { columns, rows, total } = first.data;
  return (
    <>
      <section aria-label="Columns">
        <h3 className={classes['heading']}>Columns</h3>
        <ColumnSummaries source={source} columns={columns} />
      </section>
      <div className={classes['shortTable']}>
        <PreviewTable
          table={{
            title: 'First rows',
            columns: columns.map(({ name, type }) => ({ name, type: type.toLowerCase() })),
            rows: rows.map((row) => row.map((cell) => decodeWire(cell))),
            totalRows: total,
          }}
        />
      </div>
    </>
  );
}

import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { nodeLabel } from '@ensemble/pipeline';
import { decodeWire } from '@ensemble/protocol';
import type { OutputArtifact } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Download, Info, Spline, Table2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { artifactTable } from '../../shared/api/table-source.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { useRunView, useStepOf } from '../../shared/session/run-view.ts';
import { TableDialog } from '../../shared/table/table-dialog.tsx';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { portColor } from '../../shared/ui/port-color.ts';
import { formatBytes } from '../../shared/ui/times.ts';
import { PreviewTable } from './preview-table.tsx';
import classes from './results.module.css';
import { useStepDetail } from './use-step-detail.ts';

const FIRST_ROWS = 20;
const AS_IT_CAME = { sort: [], filters: [] };

/** What went through one connection in the shown run. */
export function EdgePeek({ edgeId }: { edgeId: string }) {
  const { graph } = useGraphView();
  const edge = graph.edges.find(({ id }) => id === edgeId);
  if (!edge) return null;
  const labelOf = (nodeId: string) => {
    const node = graph.nodes.find(({ id }) => id === nodeId);
    return node ? nodeLabel(node) : nodeId;
  };
  return (
    <Stack gap="md" p="md">
      <header>
        <Group gap={6} wrap="nowrap">
          <span className={classes['dot']} style={{ background: portColor(edge.type ?? '') }} aria-hidden />
          <Text fw={600} size="sm" component="h2">
            {labelOf(edge.source)} <ArrowRight size={13} aria-label="to" /> {labelOf(edge.target)}
          </Text>
        </Group>
        <Text size="xs" c="var(--e-dim)">
          {edge.sourcePort === edge.targetPort ? edge.sourcePort : `${edge.sourcePort} to ${edge.targetPort}`} ·{' '}
          {edge.type ?? 'unknown type'}
        </Text>
      </header>
      {edge.broken === undefined ? null : (
        <Alert color="red" variant="light" icon={<Info size={16} aria-hidden />}>
          This connection is broken, so nothing goes through it. The problems list says why.
        </Alert>
      )}
      <OutputPeek nodeId={edge.source} port={edge.sourcePort} label={labelOf(edge.source)} />
    </Stack>
  );
}

function OutputPeek({ nodeId, port, label }: { nodeId: string; port: string; label: string }) {
  const { runId } = useRunView();
  const step = useStepOf(nodeId);
  const detail = useStepDetail(runId, nodeId, step?.state === 'succeeded' ? step : undefined);
  if (runId === undefined || step?.state !== 'succeeded') {
    return (
      <EmptyState compact icon={Spline} title="Nothing went through yet">
        {step?.state === 'failed'
          ? `${label} failed in this run, so it handed nothing on.`
          : `Run the pipeline: what ${label} hands on is shown here.`}
      </EmptyState>
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
  return output.type === 'dataframe' ? (
    <TablePeek runId={runId} nodeId={nodeId} output={output} />
  ) : (
    <Button
      component="a"
      href={api.artifactUrl(runId, nodeId, port)}
      download
      variant="default"
      leftSection={<Download size={14} aria-hidden />}
    >
      Download {port} ({output.type}, {formatBytes(output.bytes)})
    </Button>
  );
}

function TablePeek({ runId, nodeId, output }: { runId: string; nodeId: string; output: OutputArtifact }) {
  const [opened, setOpened] = useState(false);
  const source = artifactTable(runId, nodeId, output.key);
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
      <PreviewTable
        table={{
          title: 'First rows',
          columns: columns.map(({ name, type }) => ({ name, type: type.toLowerCase() })),
          rows: rows.map((row) => row.map((cell) => decodeWire(cell))),
          totalRows: total,
        }}
      />
      <Button variant="light" leftSection={<Table2 size={14} aria-hidden />} onClick={() => setOpened(true)}>
        Open the whole table
      </Button>
      <TableDialog source={opened ? source : undefined} name={output.key} onClose={() => setOpened(false)} />
    </>
  );
}

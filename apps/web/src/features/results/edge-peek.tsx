import { Alert, Group, Stack, Text } from '@mantine/core';
import { nodeLabel } from '@ensemble/pipeline';
import { ArrowRight, Info } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { TableDialog } from '../../shared/table/table-dialog.tsx';
import { portColor } from '../../shared/ui/port-color.ts';
import { OutputPeek } from './output-peek.tsx';
import type { WantedTable } from './output-peek.tsx';
import classes from './results.module.css';

/** What went through one connection in the shown run. `fix` mends it, where it is broken. */
export function EdgePeek({ edgeId, fix }: { edgeId: string; fix?: ReactNode }) {
  const { graph } = useGraphView();
  const [table, setTable] = useState<WantedTable>();
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
          {fix}
        </Alert>
      )}
      <OutputPeek nodeId={edge.source} port={edge.sourcePort} label={labelOf(edge.source)} onOpenTable={setTable} />
      <TableDialog source={table?.source} name={table?.name ?? ''} onClose={() => setTable(undefined)} />
    </Stack>
  );
}

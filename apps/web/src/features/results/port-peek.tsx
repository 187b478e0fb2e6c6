import { CloseButton, NativeSelect, Popover, Stack, Text } from '@mantine/core';
import { nodeLabel, passThrough } from '@ensemble/pipeline';
import type { ProjectedGraph } from '@ensemble/pipeline';
import { Unplug } from 'lucide-react';
import { useState } from 'react';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import type { PortPlace } from '../../shared/session/port-place.ts';
import { TableDialog } from '../../shared/table/table-dialog.tsx';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { portColor } from '../../shared/ui/port-color.ts';
import { OutputPeek } from './output-peek.tsx';
import type { WantedTable } from './output-peek.tsx';
import classes from './results.module.css';

/** What came out of a port, or into it, beside the port itself. */
export function PortPeek({ place, onClose }: { place: PortPlace | undefined; onClose: () => void }) {
  const [table, setTable] = useState<WantedTable>();
  return (
    <>
      <Popover
        opened={place !== undefined}
        onChange={(opened) => !opened && onClose()}
        position={place?.side === 'in' ? 'left-start' : 'right-start'}
        width={440}
        shadow="md"
        radius="md"
        trapFocus
        withinPortal
        hideDetached={false}
      >
        <Popover.Target>
          <span style={{ position: 'fixed', left: place?.x ?? 0, top: place?.y ?? 0, width: 0, height: 0 }} aria-hidden />
        </Popover.Target>
        {place ? (
          <Popover.Dropdown aria-label="What is at this port" className={classes['peek']}>
            <PeekInside
              key={JSON.stringify(place)}
              place={place}
              onClose={onClose}
              onOpenTable={(wanted) => {
                onClose();
                setTable(wanted);
              }}
            />
          </Popover.Dropdown>
        ) : null}
      </Popover>
      <TableDialog source={table?.source} name={table?.name ?? ''} onClose={() => setTable(undefined)} />
    </>
  );
}

const keyOf = ({ side, port }: Pick<PortPlace, 'side' | 'port'>): string => `${side} ${port}`;

function PeekInside({ place, onClose, onOpenTable }: { place: PortPlace; onClose: () => void; onOpenTable: (table: WantedTable) => void }) {
  const { graph } = useGraphView();
  const [chosen, setChosen] = useState(keyOf(place));
  const node = graph.nodes.find(({ id }) => id === place.nodeId);
  const ports = [
    ...(node?.manifest?.outputs ?? []).map((port) => ({ side: 'out' as const, port: port.name, type: port.type })),
    ...(node?.manifest?.inputs ?? []).map((port) => ({ side: 'in' as const, port: port.name, type: port.type })),
  ];
  const shown = ports.find((port) => keyOf(port) === chosen);
  const from = node && shown ? comesFrom(graph, node.id, shown) : undefined;
  const source = graph.nodes.find(({ id }) => id === from?.source);
  return (
    <Stack gap="sm">
      <header>
        <div className={classes['peekHead']}>
          <span className={classes['dot']} style={{ background: portColor(shown?.type ?? '') }} aria-hidden />
          <NativeSelect
            aria-label={`Port of ${node ? nodeLabel(node) : 'the card'}`}
            size="xs"
            flex={1}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={ports.map((port) => ({
              value: keyOf(port),
              label: `${port.side === 'in' ? 'Input' : 'Output'} ${port.port} of ${node ? nodeLabel(node) : ''}`,
            }))}
          />
          <CloseButton size="sm" aria-label="Close" onClick={onClose} />
        </div>
        <Text size="xs" c="var(--e-dim)" mt={4}>
          {shown?.type ?? 'This card has no such port any more.'}
          {shown?.side === 'in' && source ? ` · from ${from?.sourcePort} of ${nodeLabel(source)}` : ''}
        </Text>
      </header>
      {from && source ? (
        <OutputPeek
          key={`${from.source} ${from.sourcePort}`}
          nodeId={from.source}
          port={from.sourcePort}
          label={nodeLabel(source)}
          onOpenTable={onOpenTable}
        />
      ) : (
        <EmptyState compact icon={Unplug} title="Nothing arrives here">
          {node?.bypassed ? 'This card is bypassed: it hands on what it gets.' : 'Connect an output to this input first.'}
        </EmptyState>
      )}
    </Stack>
  );
}

/** The output that is to be seen at a port: a bypassed card hands on what it gets. */
function comesFrom(graph: ProjectedGraph, nodeId: string, { side, port }: Pick<PortPlace, 'side' | 'port'>) {
  if (side === 'out') return { source: nodeId, sourcePort: port };
  return passThrough(graph.nodes, graph.edges).edges.find((edge) => edge.target === nodeId && edge.targetPort === port);
}

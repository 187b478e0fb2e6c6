import { fitsIntoEdge, insertGraph } from '@ensemble/pipeline';
import type { EdgeEnds, Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { Frame, StickyNote } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import type { FoundCard, LooseWire } from '../commands/find-cards.ts';
import { QuickAdd } from '../commands/quick-add.tsx';
import type { ListedItem } from '../commands/quick-add.tsx';
import { NODE_WIDTH, portCentre } from './geometry.ts';
import { newNodeId } from './new-node-id.ts';
import { useInsertCard } from './use-insert-card.ts';
import { cornerFor, freePlace } from './place-card.ts';

const LIST = { width: 320, height: 340 };

/** The quick-add list at a point of the screen: without a wire it adds a card there, with one it connects it as well, as one step. */
export function useQuickAdd(
  frame: RefObject<HTMLElement | null>,
  selectOnly: (ids: readonly string[]) => void,
  annotations: { note: (at: Point) => void; around: (at: Point) => void },
): { open: (screen: Point, wire?: LooseWire, edgeId?: string) => void; list: ReactNode } {
  const { doc, origin, watch, cards, canEdit } = usePipelineSession();
  const insertCard = useInsertCard();
  const { screenToFlowPosition } = useReactFlow();
  const [opened, setOpened] = useState<{ screen: Point; at: Point; wire: LooseWire | undefined; edgeId: string | undefined }>();

  const open = useCallback(
    (screen: Point, wire?: LooseWire, edgeId?: string) => {
      const box = frame.current?.getBoundingClientRect();
      if (!canEdit || !box) return;
      const inside = (offset: number, room: number, need: number) => Math.max(8, Math.min(offset, room - need - 8));
      const at = {
        x: inside(screen.x - box.left, box.width, LIST.width),
        y: inside(screen.y - box.top, box.height, LIST.height),
      };
      setOpened({ screen, at, wire, edgeId });
    },
    [canEdit, frame],
  );
  const close = useCallback(() => setOpened(undefined), []);

  const add = (card: FoundCard) => {
    if (!opened) return;
    const { screen, wire, edgeId } = opened;
    setOpened(undefined);
    if (edgeId !== undefined) {
      const inserted = insertCard(card.cardType, edgeId, screen);
      if (inserted) selectOnly([inserted]);
      return;
    }
    const id = newNodeId();
    const point = screenToFlowPosition(screen);
    const taken = watch.view.get().graph.nodes.map((node) => node.position);
    const corner = wire ? { x: point.x - (wire.side === 'source' ? 0 : NODE_WIDTH), y: point.y - portCentre(card.row) } : cornerFor(point);
    const edges = wire && card.port ? [endsBetween(wire, id, card.port.name)] : [];
    const result = insertGraph(doc, { nodes: [{ id, card: card.cardType, position: freePlace(corner, taken) }], edges }, origin);
    watch.flush();
    if (result.ok) selectOnly([id]);
    else notifications.show({ color: 'red', title: 'Not added', message: result.message });
  };
  const onCanvas: ListedItem[] = [
    { id: '#note', label: 'Note', note: 'markdown', icon: <StickyNote size={15} aria-hidden />, add: annotations.note },
    { id: '#frame', label: 'Frame', note: 'around the selection', icon: <Frame size={15} aria-hidden />, add: annotations.around },
  ];
  const intoEdge = (edgeId: string) => (cardType: string) => {
    const card = cards.get(cardType)?.manifest;
    return card !== undefined && fitsIntoEdge(watch.view.get().graph, edgeId, card);
  };
  const list = opened ? (
    <QuickAdd
      at={opened.at}
      wire={opened.wire}
      fits={opened.edgeId === undefined ? undefined : intoEdge(opened.edgeId)}
      others={opened.wire === undefined && opened.edgeId === undefined ? onCanvas : []}
      onPick={add}
      onPickOther={(item) => {
        const { screen } = opened;
        setOpened(undefined);
        item.add(screen);
      }}
      onClose={close}
    />
  ) : null;
  return { open, list };
}

const endsBetween = (wire: LooseWire, nodeId: string, port: string): EdgeEnds =>
  wire.side === 'source'
    ? { source: wire.nodeId, sourcePort: wire.port.name, target: nodeId, targetPort: port }
    : { source: nodeId, sourcePort: port, target: wire.nodeId, targetPort: wire.port.name };

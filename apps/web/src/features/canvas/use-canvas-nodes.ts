import { moveNodes } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { applyEdgeChanges, applyNodeChanges } from '@xyflow/react';
import type { EdgeChange, NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { usePresence } from '../../shared/session/presence.ts';
import { alignGuides } from './align-guides.ts';
import type { Box, Guide } from './align-guides.ts';
import { reconcileEdges } from './flow-edges.ts';
import type { CardFlowEdge } from './flow-edges.ts';
import { reconcileNodes } from './flow-nodes.ts';
import type { CardFlowNode } from './flow-nodes.ts';
import { trackRemoteDrags } from './remote-drags.ts';

/** A drag's presence outlives the drop a little, because the document arrives after it has been journalled. */
const DRAG_LINGER_MS = 400;

/** How near, in flow units, a card must come to another's edge or middle to snap to it. */
const SNAP = 6;
const NO_GUIDES: readonly Guide[] = [];

/**
 * Binds React Flow's nodes and edges to the document: shared parts come from the projection, while
 * selection, measured sizes and a drag under way stay local. A drag is committed once, when it ends.
 */
export function useCanvasNodes() {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const presence = usePresence();
  const select = useEditorUi((ui) => ui.select);
  const [remoteDrags] = useState(trackRemoteDrags);
  const [nodes, setNodes] = useState<CardFlowNode[]>(() => reconcileNodes([], watch.view.get().graph, watch.view.get().fingerprints));
  const [edges, setEdges] = useState<CardFlowEdge[]>(() => reconcileEdges([], watch.view.get().graph));
  const dragStart = useRef<Map<string, Point>>(undefined);
  const nodesNow = useRef(nodes);
  const [guides, setGuides] = useState<readonly Guide[]>(NO_GUIDES);
  const lingering = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const refresh = () => {
      const { graph, fingerprints } = watch.view.get();
      setNodes((before) => reconcileNodes(before, graph, fingerprints, (node) => remoteDrags.offsetOf(node.id, node.position)));
      setEdges((before) => reconcileEdges(before, graph));
    };
    const learnDrags = () => {
      const positions = new Map(watch.view.get().graph.nodes.map((node) => [node.id, node.position]));
      const drags = presence.peers.get().flatMap((peer) => peer.drag ?? []);
      remoteDrags.learn(drags, (id) => positions.get(id));
      refresh();
    };
    refresh();
    const stops = [watch.view.subscribe(refresh), presence.peers.subscribe(learnDrags)];
    return () => stops.forEach((stop) => stop());
  }, [watch, presence, remoteDrags]);

  useEffect(() => {
    const nodeIds = nodes.filter((node) => node.selected).map((node) => node.id);
    const edgeIds = edges.filter((edge) => edge.selected).map((edge) => edge.id);
    select(nodeIds, edgeIds);
    presence.share({ selection: nodeIds.slice(0, 500) });
  }, [nodes, edges, select, presence]);

  useEffect(() => {
    nodesNow.current = nodes;
  }, [nodes]);

  const shareDrag = useCallback(
    (moved: readonly { id: string; position: Point }[]) => {
      const first = moved[0];
      const from = first ? dragStart.current?.get(first.id) : undefined;
      if (!first || !from) return;
      clearTimeout(lingering.current);
      presence.share({
        drag: { ids: moved.slice(0, 500).map((move) => move.id), dx: first.position.x - from.x, dy: first.position.y - from.y },
      });
    },
    [presence],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<CardFlowNode>[]) => {
      const aligned = align(
        changes.filter((change) => change.type !== 'remove' && change.type !== 'add' && change.type !== 'replace'),
        nodesNow.current,
      );
      const local = aligned.changes;
      setGuides(aligned.guides);
      setNodes((before) => applyNodeChanges(local, before));
      const moves = local.flatMap((change) =>
        change.type === 'position' && change.position
          ? [{ id: change.id, position: change.position, dragging: change.dragging === true }]
          : [],
      );
      const dragged = moves.filter((move) => move.dragging);
      if (dragged.length > 0) {
        dragStart.current ??= new Map(watch.view.get().graph.nodes.map((node) => [node.id, node.position]));
        shareDrag(dragged);
      }
      const dropped = moves.filter((move) => !move.dragging);
      if (dropped.length === 0 || !canEdit) return;
      dragStart.current = undefined;
      moveNodes(
        doc,
        dropped.map(({ id, position }) => ({ id, position: roundPoint(position) })),
        origin,
      );
      watch.flush();
      lingering.current = setTimeout(() => presence.share({ drag: null }), DRAG_LINGER_MS);
    },
    [doc, origin, watch, presence, canEdit, shareDrag],
  );

  const onEdgesChange = useCallback((changes: EdgeChange<CardFlowEdge>[]) => {
    setEdges((before) =>
      applyEdgeChanges(
        changes.filter((change) => change.type === 'select'),
        before,
      ),
    );
  }, []);

  const selectOnly = useCallback((ids: readonly string[]) => {
    const wanted = new Set(ids);
    setNodes((before) =>
      before.map((node) => (Boolean(node.selected) === wanted.has(node.id) ? node : { ...node, selected: wanted.has(node.id) })),
    );
    setEdges((before) => before.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)));
  }, []);

  return { nodes, edges, guides, onNodesChange, onEdgesChange, selectOnly };
}

type LocalChange = NodeChange<CardFlowNode>;

/** While one card is dragged it snaps to others; where it is let go stays where it was last seen. */
function align(changes: LocalChange[], nodes: readonly CardFlowNode[]): { changes: LocalChange[]; guides: readonly Guide[] } {
  const moves = changes.filter((change) => change.type === 'position');
  const [move] = moves;
  const moving = nodes.find((node) => node.id === move?.id);
  // A drag only: the keys move a card by steps that people chose.
  if (moves.length !== 1 || !move?.position || !moving || (!move.dragging && !moving.dragging)) return { changes, guides: NO_GUIDES };
  const others = nodes.filter((node) => node !== moving).map(boxOf);
  const { dx, dy, guides } = alignGuides({ ...boxOf(moving), ...move.position }, others, SNAP);
  const position = { x: move.position.x + dx, y: move.position.y + dy };
  return {
    changes: changes.map((change) => (change === move ? { ...move, position } : change)),
    guides: move.dragging ? guides : NO_GUIDES,
  };
}

const boxOf = ({ position, width = 0, height = 0 }: CardFlowNode): Box => ({ ...position, width, height });

const roundPoint = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });

import { moveNodes, resizeNode, spliceNode } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { applyEdgeChanges, applyNodeChanges, useStoreApi } from '@xyflow/react';
import type { EdgeChange } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { usePresence } from '../../shared/session/presence.ts';
import type { Guide } from './align-guides.ts';
import { beginMove, withCarried, withSelected } from './carry.ts';
import type { MoveStart } from './carry.ts';
import { reconcileEdges } from './flow-edges.ts';
import type { CardFlowEdge } from './flow-edges.ts';
import { reconcileNodes } from './flow-nodes.ts';
import type { CanvasNode } from './flow-nodes.ts';
import { NO_GUIDES, snap } from './snap.ts';
import type { LocalChange } from './snap.ts';
import { useRemoteDrags } from './use-remote-drags.ts';

/** A drag's presence outlives the drop a little, because the document arrives after it has been journalled. */
const DRAG_LINGER_MS = 400;

/**
 * Binds React Flow's nodes and edges to the document: shared parts come from the projection, while
 * selection, measured sizes and a drag under way stay local. A drag is committed once, when it ends.
 * `takeSplice` says which connection a dropped card goes into.
 */
export function useCanvasNodes(takeSplice: () => string | undefined) {
  const { doc, origin, undo, watch, cards, canEdit } = usePipelineSession();
  const presence = usePresence();
  const select = useEditorUi((ui) => ui.select);
  const flow = useStoreApi();
  const [nodes, setNodes] = useState<CanvasNode[]>(() => reconcileNodes([], watch.view.get().graph, watch.view.get().fingerprints));
  const [edges, setEdges] = useState<CardFlowEdge[]>(() => reconcileEdges([], watch.view.get().graph));
  /** Several changes can come before React draws again; each builds on the one before. */
  const nodesNow = useRef(nodes);
  const moveStart = useRef<MoveStart>(undefined);
  const [guides, setGuides] = useState<readonly Guide[]>(NO_GUIDES);
  const lingering = useRef<ReturnType<typeof setTimeout>>(undefined);

  const changeNodes = useCallback((change: (before: CanvasNode[]) => CanvasNode[]) => {
    nodesNow.current = change(nodesNow.current);
    setNodes(nodesNow.current);
  }, []);
  const offsetOf = useRemoteDrags(changeNodes);

  useEffect(() => {
    const refresh = () => {
      const { graph, fingerprints } = watch.view.get();
      changeNodes((before) => reconcileNodes(before, graph, fingerprints, offsetOf));
      setEdges((before) => reconcileEdges(before, graph));
    };
    refresh();
    return watch.view.subscribe(refresh);
  }, [watch, changeNodes, offsetOf]);

  useEffect(() => {
    const nodeIds = nodes.filter((node) => node.selected).map((node) => node.id);
    const edgeIds = edges.filter((edge) => edge.selected).map((edge) => edge.id);
    select(nodeIds, edgeIds);
    presence.share({ selection: nodeIds });
  }, [nodes, edges, select, presence]);

  const shareDrag = useCallback(
    (moved: readonly Moved[]) => {
      const first = moved[0];
      const from = first && moveStart.current?.positionOf(first.id);
      if (!first || !from) return;
      clearTimeout(lingering.current);
      presence.share({ drag: { ids: moved.map((move) => move.id), dx: first.position.x - from.x, dy: first.position.y - from.y } });
    },
    [presence],
  );

  const commitResize = useCallback(
    (id: string) => {
      const node = nodesNow.current.find((candidate) => candidate.id === id);
      if (!canEdit || node?.width === undefined || node.height === undefined) return;
      const size = { width: Math.round(node.width), height: Math.round(node.height) };
      undo.stopCapturing();
      doc.transact(() => {
        moveNodes(doc, [{ id, position: roundPoint(node.position) }], origin);
        resizeNode(doc, id, size, origin);
      }, origin);
      watch.flush();
    },
    [doc, origin, undo, watch, canEdit],
  );

  const commitMove = useCallback(
    (dropped: readonly Moved[]) => {
      const edgeId = takeSplice();
      moveStart.current = undefined;
      if (!canEdit) return;
      const moves = dropped.map(({ id, position }) => ({ id, position: roundPoint(position) }));
      const [only] = moves;
      if (edgeId !== undefined && moves.length === 1 && only) {
        // A step of its own: a drag of the same card just before does not belong to it.
        undo.stopCapturing();
        const result = doc.transact(() => {
          moveNodes(doc, moves, origin);
          return spliceNode(doc, only.id, edgeId, cards, origin);
        }, origin);
        undo.stopCapturing();
        if (!result.ok) notifications.show({ title: 'Moved, but not inserted', message: result.message });
      } else moveNodes(doc, moves, origin);
      watch.flush();
      lingering.current = setTimeout(() => presence.share({ drag: null }), DRAG_LINGER_MS);
    },
    [doc, origin, undo, watch, cards, presence, canEdit, takeSplice],
  );

  const selectOnly = useCallback(
    (ids: readonly string[]) => {
      const wanted = new Set(ids);
      changeNodes((before) => selecting(before, (node) => wanted.has(node.id)));
      setEdges((before) => selecting(before, () => false));
    },
    [changeNodes],
  );

  /** React Flow says nothing of selected nodes that it does not hold: a choice without a key held is of this alone. */
  const chosenAlone = useCallback(
    (changes: readonly (LocalChange | EdgeChange<CardFlowEdge>)[]): boolean => {
      const { multiSelectionActive, userSelectionRect } = flow.getState();
      return !multiSelectionActive && !userSelectionRect && changes.some((change) => change.type === 'select' && change.selected);
    },
    [flow],
  );

  const onNodesChange = useCallback(
    (changes: LocalChange[]) => {
      if (chosenAlone(changes)) {
        const chosen = new Set(changes.flatMap((change) => (change.type === 'select' ? [change.id] : [])));
        changeNodes((before) => selecting(before, (node) => node.selected === true && chosen.has(node.id)));
      }
      const own = changes.filter((change) => change.type !== 'remove' && change.type !== 'add' && change.type !== 'replace');
      const resizes = own.flatMap((change) => (change.type === 'dimensions' && change.resizing !== undefined ? [change] : []));
      const moving = resizes.length > 0 ? [] : own.filter((change) => change.type === 'position').map(({ id }) => id);
      if (moving.length === 0) {
        if (own.length > 0) changeNodes((before) => applyNodeChanges(own, before));
        for (const { id, resizing } of resizes) if (resizing === false) commitResize(id);
        return;
      }
      const start = moveStart.current ?? beginMove(watch.view.get().graph);
      moveStart.current = start;
      const snapped = snap(withSelected(own, nodesNow.current, start), nodesNow.current, start.carriedBy(moving));
      const local = withCarried(snapped.changes, start);
      setGuides(snapped.guides);
      changeNodes((before) => applyNodeChanges(local, before));
      const moves = local.flatMap((change) =>
        change.type === 'position' && change.position ? [{ ...change, position: change.position }] : [],
      );
      const dragged = moves.filter((move) => move.dragging === true);
      if (dragged.length > 0) shareDrag(dragged);
      const dropped = moves.filter((move) => move.dragging !== true);
      if (dropped.length > 0) commitMove(dropped);
    },
    [watch, changeNodes, chosenAlone, shareDrag, commitMove, commitResize],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<CardFlowEdge>[]) => {
      if (chosenAlone(changes)) changeNodes((before) => selecting(before, () => false));
      setEdges((before) =>
        applyEdgeChanges(
          changes.filter((change) => change.type === 'select'),
          before,
        ),
      );
    },
    [changeNodes, chosenAlone],
  );

  return { nodes, edges, guides, onNodesChange, onEdgesChange, selectOnly };
}

/** The same array where nothing is to be changed. */
function selecting<Item extends { selected?: boolean }>(items: Item[], isWanted: (item: Item) => boolean): Item[] {
  let changed = false;
  const next = items.map((item) => {
    const selected = isWanted(item);
    if (Boolean(item.selected) === selected) return item;
    changed = true;
    return { ...item, selected };
  });
  return changed ? next : items;
}

interface Moved {
  id: string;
  position: Point;
}

const roundPoint = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });

import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { checkConnection, connect, disconnect, removeNodes, setBypass } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { Background, ControlButton, Controls, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import type { Connection, Edge, FinalConnectionState } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { Maximize } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ComponentType, DragEvent, MouseEvent as ReactMouseEvent } from 'react';
import { CARD_DRAG_TYPE } from '../../shared/session/card-drag.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import type { PortPlace } from '../../shared/session/port-place.ts';
import { usePresence } from '../../shared/session/presence.ts';
import { useCommands } from '../commands/command-registry.ts';
import { CanvasHint } from './canvas-hint.tsx';
import classes from './canvas.module.css';
import { CardNode } from './card-node.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { Cursors } from './cursors.tsx';
import { endsOf, reasonForRefusal } from './ends-of.ts';
import { edgeUnder, markDropEdge } from './drop-edge.ts';
import { FAR, FarContext } from './far-view/far-context.ts';
import { FarView, useLingering } from './far-view/far-view.tsx';
import { useFarView } from './far-view/use-far-view.ts';
import { FindBox } from './find-box.tsx';
import type { CardFlowEdge } from './flow-edges.ts';
import type { CanvasNode } from './flow-nodes.ts';
import { FrameNode } from './frame-node.tsx';
import { Guides } from './guides.tsx';
import { inView } from './in-view.ts';
import { looseWire } from './loose-wire.ts';
import { NodeMenu } from './node-menu.tsx';
import type { NodeMenuPlace } from './node-menu.tsx';
import { NoteNode } from './note-node.tsx';
import { Overview } from './overview.tsx';
import { PaneMenu } from './pane-menu.tsx';
import { PeersByNodeContext, usePeersByNode } from './peers-at.ts';
import { cornerFor } from './place-card.ts';
import { useAnnotations } from './use-annotations.ts';
import { useAddCard } from './use-add-card.ts';
import { useCanvasNodes } from './use-canvas-nodes.ts';
import { useInsertCard } from './use-insert-card.ts';
import { useClipboard } from './use-clipboard.ts';
import { usePortPeek } from './use-port-peek.ts';
import { useQuickAdd } from './use-quick-add.tsx';
import { useSelectionKeys } from './use-selection-keys.ts';
import { useSplice } from './use-splice.ts';
import { useTakeFocus } from './use-take-focus.ts';
import { useTidy } from './use-tidy.ts';
import { LEAST_ZOOM, useViews } from './use-views.ts';

const NODE_TYPES = { card: CardNode, note: NoteNode, frame: FrameNode };

interface CanvasProps {
  /** Files let go over the canvas, and the flow position of a card that stands for the first of them. */
  onFiles: (files: File[], corner: Point) => void;
  /** Shows what is at a port. */
  PortPeek: ComponentType<{ place: PortPlace | undefined; onClose: () => void }>;
}

/** The shared canvas of the open pipeline. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <CanvasInside {...props} />
    </ReactFlowProvider>
  );
}

function CanvasInside({ onFiles, PortPeek }: CanvasProps) {
  const { doc, origin, cards, watch, canEdit } = usePipelineSession();
  const presence = usePresence();
  const peersAt = usePeersByNode(presence);
  const scheme = useComputedColorScheme('light');
  const calm = useReducedMotion();
  const frame = useRef<HTMLDivElement>(null);
  const splice = useSplice(frame);
  const { nodes, edges, guides, onNodesChange, onEdgesChange, selectOnly } = useCanvasNodes(splice.take);
  const { screenToFlowPosition, zoomIn, zoomOut, getViewport } = useReactFlow<CanvasNode, CardFlowEdge>();
  const addCard = useAddCard();
  const insertCard = useInsertCard();
  const pointer = useRef<Point>(undefined);
  const here = (): Point | undefined => {
    const box = frame.current?.getBoundingClientRect();
    return pointer.current ?? (box && { x: box.left + box.width / 2, y: box.top + box.height / 3 });
  };
  const annotations = useAnnotations(frame, here, selectOnly);
  const { open: openQuickAdd, list: quickAdd } = useQuickAdd(frame, selectOnly, annotations);
  const [connecting, setConnecting] = useState<string>();
  const [menu, setMenu] = useState<NodeMenuPlace>();
  const [paneMenu, setPaneMenu] = useState<Point>();
  const [finding, setFinding] = useState(false);
  const duration = calm ? 0 : 200;
  const { start, show, showAll } = useViews(frame, nodes, duration);
  const farView = useFarView(nodes, edges, (start?.zoom ?? 1) < FAR, selectOnly);
  const { far } = farView;
  const painted = useLingering(far);
  useClipboard(pointer, selectOnly);
  useSelectionKeys(frame, selectOnly);
  useTidy(showAll);
  const peek = usePortPeek();
  useTakeFocus(frame);
  const wanted = useEditorUi((ui) => ui.wanted);
  const focus = useEditorUi((ui) => ui.focus);
  const showPanel = useEditorUi((ui) => ui.showPanel);

  // Each request is answered once, whatever else changes.
  const answered = useRef<unknown>(undefined);
  const focused = useRef<unknown>(undefined);

  useEffect(() => {
    const box = frame.current?.getBoundingClientRect();
    if (!wanted || !box || answered.current === wanted) return;
    answered.current = wanted;
    const id = addCard(wanted.cardType, { x: box.left + box.width / 2, y: box.top + box.height / 2 }, false);
    if (id) selectOnly([id]);
  }, [wanted, addCard, selectOnly]);

  // A card added just now is drawn a moment later.
  const inFocus = focus && nodes.find(({ id }) => id === focus.nodeId);
  useEffect(() => {
    const window = frame.current?.getBoundingClientRect();
    if (!inFocus || !window || focused.current === focus) return;
    focused.current = focus;
    selectOnly([inFocus.id]);
    const { position, width = 0, height = 0 } = inFocus;
    // What is on the screen stays where the eye has it.
    if (!inView({ ...position, width, height }, getViewport(), window)) show([inFocus]);
  }, [focus, inFocus, selectOnly, getViewport, show]);

  const remove = useCallback(
    (nodeIds: readonly string[], edgeIds: readonly string[]) => {
      if (!canEdit || nodeIds.length + edgeIds.length === 0) return;
      doc.transact(() => {
        disconnect(doc, edgeIds, origin);
        removeNodes(doc, nodeIds, origin);
      }, origin);
      watch.flush();
    },
    [doc, origin, watch, canEdit],
  );

  const addHere = () => {
    const at = here();
    const { selectedNodes, selectedEdges } = useEditorUi.getState();
    const edge = selectedNodes.length === 0 && selectedEdges.length === 1 ? selectedEdges[0] : undefined;
    if (at) openQuickAdd(at, undefined, edge);
  };
  useCommands({
    'view.fit': showAll,
    'view.closer': () => void zoomIn({ duration }),
    'view.farther': () => void zoomOut({ duration }),
    'view.find': () => setFinding(true),
    'add.card': canEdit ? addHere : undefined,
    // Tab moves the focus as everywhere, except after a click on the empty canvas.
    'add.card-here': canEdit ? () => document.activeElement === frame.current && addHere() : undefined,
    'node.connect': () => {
      const { selectedNodes } = useEditorUi.getState();
      return canEdit && selectedNodes.length === 1 && setConnecting(selectedNodes[0]);
    },
    'node.bypass': canEdit
      ? () => {
          const chosen = new Set(useEditorUi.getState().selectedNodes);
          const nodes = watch.view.get().graph.nodes.filter((node) => chosen.has(node.id));
          if (nodes.length === 0) return false;
          setBypass(
            doc,
            nodes.map((node) => node.id),
            !nodes.every((node) => node.bypassed),
            origin,
          );
          return watch.flush();
        }
      : undefined,
    'edit.delete': canEdit
      ? () => {
          const { selectedNodes, selectedEdges } = useEditorUi.getState();
          if (selectedNodes.length + selectedEdges.length === 0) return false;
          return remove(selectedNodes, selectedEdges);
        }
      : undefined,
  });

  const isValidConnection = useCallback(
    (connection: Connection | Edge) => checkConnection(watch.view.get().graph, endsOf(connection)) === undefined,
    [watch],
  );
  const onConnect = useCallback(
    (connection: Connection) => {
      const result = connect(doc, endsOf(connection), cards, origin);
      watch.flush();
      if (!result.ok) notifications.show({ color: 'red', title: 'Not connected', message: result.message });
    },
    [doc, cards, origin, watch],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const { graph } = watch.view.get();
      const reason = reasonForRefusal(graph, state);
      if (reason) notifications.show({ color: 'red', title: 'Not connected', message: reason });
      const point = 'clientX' in event ? event : event.changedTouches[0];
      const wire = looseWire(graph, state);
      if (wire && point && frame.current?.contains(document.elementFromPoint(point.clientX, point.clientY)))
        openQuickAdd({ x: point.clientX, y: point.clientY }, wire);
    },
    [watch, openQuickAdd],
  );

  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.types.includes('Files')) {
      event.preventDefault();
      if (canEdit) onFiles([...event.dataTransfer.files], cornerFor(screenToFlowPosition({ x: event.clientX, y: event.clientY })));
      return;
    }
    const cardType = event.dataTransfer.getData(CARD_DRAG_TYPE);
    if (cardType === '') return;
    event.preventDefault();
    const point = { x: event.clientX, y: event.clientY };
    markDropEdge(event.currentTarget);
    const edge = edgeUnder([point]);
    const id = (edge === undefined ? undefined : insertCard(cardType, edge, point)) ?? addCard(cardType, point, true);
    if (id) selectOnly([id]);
  };
  const onDragOver = (event: DragEvent) => {
    const { types } = event.dataTransfer;
    if (!canEdit || !(types.includes(CARD_DRAG_TYPE) || types.includes('Files'))) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    if (types.includes(CARD_DRAG_TYPE)) markDropEdge(event.currentTarget, edgeUnder([{ x: event.clientX, y: event.clientY }]));
  };
  // These go to every node: a new function at each step of a drag would render all of them.
  const openPanel = useCallback(() => showPanel('node'), [showPanel]);
  const openPaneMenu = useCallback(
    (event: ReactMouseEvent | MouseEvent) => {
      if (!canEdit) return;
      event.preventDefault();
      setPaneMenu({ x: event.clientX, y: event.clientY });
    },
    [canEdit],
  );
  const openMenu = useCallback(
    (event: ReactMouseEvent, node: CanvasNode) => {
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      // The context-menu key gives no pointer position.
      const atPointer = event.clientX !== 0 || event.clientY !== 0;
      setMenu({ nodeId: node.id, x: atPointer ? event.clientX : box.left + 24, y: atPointer ? event.clientY : box.top + 24 });
      selectOnly([node.id]);
    },
    [selectOnly],
  );

  const comeClose = useCallback((...[, node]: [ReactMouseEvent, CanvasNode]) => far && show([node]), [far, show]);
  // A finger touches without having been over it.
  const onPaneClick = (event: ReactMouseEvent) => {
    const touched = farView.under({ x: event.clientX, y: event.clientY });
    selectOnly(touched ? [touched.id] : []);
    if (touched) openPanel();
  };

  return (
    <section className={classes['canvas']} data-far={far || undefined} aria-label="Pipeline canvas">
      <div
        ref={frame}
        className={classes['surface']}
        tabIndex={-1}
        onDrop={onDrop}
        onDragOver={onDragOver}
        onDragLeave={(event) => markDropEdge(event.currentTarget)}
        onFocus={farView.onFocus}
        onMouseDownCapture={farView.onMouseDown}
        onMouseMove={(event) => {
          farView.onMouseMove(event);
          pointer.current = { x: event.clientX, y: event.clientY };
          presence.share({ cursor: screenToFlowPosition(pointer.current) });
        }}
        onMouseLeave={() => {
          farView.onMouseLeave();
          pointer.current = undefined;
          presence.share({ cursor: null });
        }}
        onDoubleClick={(event) => {
          if (event.target instanceof Element && event.target.classList.contains('react-flow__pane'))
            openQuickAdd({ x: event.clientX, y: event.clientY });
        }}
      >
        {peersAt && start ? (
          <PeersByNodeContext value={peersAt}>
            <FarContext value={far}>
              <ReactFlow
                nodes={farView.flowNodes}
                edges={farView.flowEdges}
                nodeTypes={NODE_TYPES}
                onNodesChange={onNodesChange}
                onEdgesChange={onEdgesChange}
                onClick={peek.onClick}
                onKeyDown={peek.onKeyDown}
                onConnect={onConnect}
                onConnectEnd={onConnectEnd}
                onNodeDrag={splice.onNodeDrag}
                onNodeClick={openPanel}
                onNodeDoubleClick={comeClose}
                onPaneClick={onPaneClick}
                onNodeContextMenu={openMenu}
                onPaneContextMenu={openPaneMenu}
                isValidConnection={isValidConnection}
                connectOnClick={false}
                nodesDraggable={canEdit}
                nodesConnectable={canEdit}
                zoomOnDoubleClick={false}
                deleteKeyCode={null}
                colorMode={scheme}
                defaultViewport={start}
                minZoom={LEAST_ZOOM}
                connectionRadius={28}
                onlyRenderVisibleElements={!far && nodes.length > 200}
              >
                <Background gap={20} size={1.5} color="var(--e-dot)" bgColor="var(--e-canvas)" />
                {painted ? <FarView key={`far ${scheme}`} nodes={nodes} edges={edges} /> : null}
                <Controls showInteractive={false} showFitView={false} position="bottom-left" aria-label="Zoom">
                  <ControlButton className="react-flow__controls-fitview" onClick={showAll} title="Fit View" aria-label="Fit View">
                    <Maximize className={classes['fit']} aria-hidden />
                  </ControlButton>
                </Controls>
                {nodes.length > 0 ? <Overview key={`overview ${scheme}`} nodes={nodes} /> : null}
                <Cursors />
                <Guides guides={guides} />
                <NodeMenu place={menu} onClose={() => setMenu(undefined)} onConnect={setConnecting} onDelete={(id) => remove([id], [])} />
                <PaneMenu
                  at={paneMenu}
                  onClose={() => setPaneMenu(undefined)}
                  onAddCard={openQuickAdd}
                  onAddNote={annotations.note}
                  onAddFrame={annotations.around}
                />
              </ReactFlow>
            </FarContext>
          </PeersByNodeContext>
        ) : null}
        {nodes.length === 0 ? <CanvasHint /> : null}
        {quickAdd}
        <PortPeek place={peek.place} onClose={peek.close} />
        {finding ? <FindBox onClose={() => setFinding(false)} /> : null}
        {connecting === undefined ? null : <ConnectDialog nodeId={connecting} onClose={() => setConnecting(undefined)} />}
      </div>
    </section>
  );
}

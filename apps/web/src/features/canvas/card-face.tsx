import { ReactFlow, ReactFlowProvider } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { CardNode } from './card-node.tsx';
import { reconcileNodes } from './flow-nodes.ts';
import { cardSize } from './geometry.ts';

const NODE_TYPES = { card: CardNode };
const NONE: never[] = [];

/** The one node of a pipeline as the canvas draws it, by itself and at its own size. Nothing can be dragged or connected. */
export function CardFace({ label }: { label: string }) {
  const { graph, fingerprints } = useGraphView();
  const nodes = useMemo(
    // Its inputs are not connected to anything here: that is no problem of the card.
    () =>
      reconcileNodes(NONE, { ...graph, problems: NONE }, fingerprints).map((node) => ({ ...node, draggable: false, selectable: false })),
    [graph, fingerprints],
  );
  const [node] = graph.nodes;
  if (!node) return null;
  const { width, height } = cardSize(node);
  return (
    <div role="img" aria-label={label}>
      <div style={{ width: width + 16, height: height + 2, margin: '0 auto' }} inert>
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            nodeTypes={NODE_TYPES}
            defaultViewport={{ x: 8, y: 1, zoom: 1 }}
            minZoom={1}
            maxZoom={1}
            panOnDrag={false}
            zoomOnScroll={false}
            zoomOnPinch={false}
            zoomOnDoubleClick={false}
            preventScrolling={false}
            nodesConnectable={false}
            nodesFocusable={false}
            elementsSelectable={false}
            proOptions={{ hideAttribution: true }}
          />
        </ReactFlowProvider>
      </div>
    </div>
  );
}

// The least that React Flow can draw for as many nodes in the same places: its own nodes, no minimap, nothing shared.
import { applyNodeChanges, Handle, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { createElement, memo, useCallback, useState } from 'react';
import { createRoot } from 'react-dom/client';

const count = Number(new URLSearchParams(location.search).get('nodes'));
const rowLength = Number(new URLSearchParams(location.search).get('row'));

const Plain = memo(({ data }) =>
  createElement(
    'div',
    { style: { width: 248, height: 122, border: '1px solid #999', background: '#fff' } },
    createElement(Handle, { type: 'target', position: Position.Left }),
    data.label,
    createElement(Handle, { type: 'source', position: Position.Right }),
  ),
);
const nodeTypes = { plain: Plain };

const firstNodes = Array.from({ length: count }, (_, index) => ({
  id: `n${index}`,
  type: 'plain',
  position: { x: (index % rowLength) * 340, y: Math.floor(index / rowLength) * 220 },
  width: 248,
  height: 122,
  data: { label: `Step ${index}` },
}));
const edges = firstNodes.flatMap((_, index) =>
  index % rowLength === 0 ? [] : [{ id: `e${index}`, source: `n${index - 1}`, target: `n${index}` }],
);

function Page() {
  const [nodes, setNodes] = useState(firstNodes);
  const onNodesChange = useCallback((changes) => setNodes((before) => applyNodeChanges(changes, before)), []);
  return createElement(ReactFlow, {
    nodes,
    edges,
    nodeTypes,
    onNodesChange,
    fitView: true,
    fitViewOptions: { maxZoom: 1, padding: 0.15 },
    minZoom: 0.1,
    onlyRenderVisibleElements: true,
  });
}

createRoot(document.getElementById('root')).render(createElement(Page));

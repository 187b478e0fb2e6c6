/** From the projection to React Flow's edges, keeping objects that did not change. Pure. */
import { nodeLabel } from '@ensemble/pipeline';
import type { ProjectedEdge, ProjectedGraph } from '@ensemble/pipeline';
import type { Edge } from '@xyflow/react';
import { portColor } from '../../shared/ui/port-color.ts';

interface CardEdgeData extends Record<string, unknown> {
  color: string;
  broken: boolean;
}
export type CardFlowEdge = Edge<CardEdgeData>;

export function reconcileEdges(previous: readonly CardFlowEdge[], graph: ProjectedGraph): CardFlowEdge[] {
  const before = new Map(previous.map((edge) => [edge.id, edge]));
  const labels = new Map(graph.nodes.map((node) => [node.id, nodeLabel(node)]));
  let changed = previous.length !== graph.edges.length;
  const next = graph.edges.map((edge, index) => {
    const made = draw(edge, labels);
    const old = before.get(edge.id);
    const kept = old && equalEdges(old, made) ? old : { ...made, ...(old?.selected ? { selected: true } : {}) };
    if (kept !== previous[index]) changed = true;
    return kept;
  });
  return changed ? next : (previous as CardFlowEdge[]);
}

function draw(edge: ProjectedEdge, labels: ReadonlyMap<string, string>): CardFlowEdge {
  const broken = edge.broken !== undefined;
  const color = broken ? 'var(--e-bad)' : portColor(edge.type ?? '');
  const from = `${edge.sourcePort} of ${labels.get(edge.source) ?? edge.source}`;
  const to = `${edge.targetPort} of ${labels.get(edge.target) ?? edge.target}`;
  return {
    id: edge.id,
    source: edge.source,
    sourceHandle: edge.sourcePort,
    target: edge.target,
    targetHandle: edge.targetPort,
    ariaLabel: `Connection from ${from} to ${to}${broken ? ', broken' : ''}`,
    style: { stroke: color, ...(broken ? { strokeDasharray: '5 4' } : {}) },
    data: { color, broken },
  };
}

const equalEdges = (a: CardFlowEdge, b: CardFlowEdge): boolean =>
  a.sourceHandle === b.sourceHandle && a.targetHandle === b.targetHandle && a.ariaLabel === b.ariaLabel && a.data?.color === b.data?.color;

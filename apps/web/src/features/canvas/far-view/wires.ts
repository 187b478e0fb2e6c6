/** Connections as curves, the same ones that React Flow draws. Pure. */
import type { Point } from '@ensemble/pipeline';
import type { CardFlowEdge } from '../flow-edges.ts';
import type { CanvasNode } from '../flow-nodes.ts';

/** Of React Flow's curves. */
const CURVATURE = 0.25;

export interface Wire {
  edge: CardFlowEdge;
  source: CanvasNode;
  target: CanvasNode;
  from: Point;
  to: Point;
  /** How far the curve swings out of its ports, to the right and to the left. */
  swing: number;
}

/** The curves of all connections, those of `previous` where neither the connection nor its ends changed. */
export function wiresOf(previous: readonly Wire[], nodes: readonly CanvasNode[], edges: readonly CardFlowEdge[]): Wire[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const before = new Map(previous.map((wire) => [wire.edge.id, wire]));
  const wires: Wire[] = [];
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) continue;
    const old = before.get(edge.id);
    const kept = old?.edge === edge && old.source === source && old.target === target ? old : wireBetween(edge, source, target);
    if (kept) wires.push(kept);
  }
  return wires;
}

function wireBetween(edge: CardFlowEdge, source: CanvasNode, target: CanvasNode): Wire | undefined {
  const from = portOf(source, 'source', edge.sourceHandle);
  const to = portOf(target, 'target', edge.targetHandle);
  if (!from || !to) return undefined;
  const across = to.x - from.x;
  return { edge, source, target, from, to, swing: across >= 0 ? across / 2 : CURVATURE * 25 * Math.sqrt(-across) };
}

/** The outer edge of a port's dot. */
function portOf({ position, handles }: CanvasNode, type: 'source' | 'target', id: string | null | undefined): Point | undefined {
  const handle = handles?.find((candidate) => candidate.type === type && candidate.id === id);
  if (!handle) return undefined;
  const { x, y, width = 0, height = 0 } = handle;
  return { x: position.x + x + (type === 'source' ? width : 0), y: position.y + y + height / 2 };
}

/**
 * From the projection to what React Flow draws. React Flow re-renders a node when its object changes,
 * so an object is made anew only when something that is drawn changed. Pure.
 */
import type { Port } from '@ensemble/cards';
import { nodeLabel } from '@ensemble/pipeline';
import type { Pin, Point, ProjectedGraph, ProjectedNode } from '@ensemble/pipeline';
import { Position } from '@xyflow/react';
import type { Node, NodeHandle } from '@xyflow/react';
import { drawFrame, drawNote, placeNow } from './flow-annotations.ts';
import type { FrameFlowNode, NoteFlowNode } from './flow-annotations.ts';
import { HANDLE_SIZE, NODE_WIDTH, nodeHeight, portCentre } from './geometry.ts';

export interface DrawnPort extends Port {
  /** An edge ends here, but the card has no such port any more. */
  gone: boolean;
}

interface CardNodeData extends Record<string, unknown> {
  label: string;
  cardType: string;
  category: string;
  inputs: DrawnPort[];
  outputs: DrawnPort[];
  /** Messages of this node's problems, errors first. */
  problems: string[];
  fingerprint: string;
  bypassed: boolean;
  pin: Pin | undefined;
}

export type CardFlowNode = Node<CardNodeData, 'card'>;
export type CanvasNode = CardFlowNode | NoteFlowNode | FrameFlowNode;

export interface Offset {
  dx: number;
  dy: number;
}

/** The nodes as they should be drawn now, reusing objects of `previous` wherever nothing changed: frames, then cards, then notes. */
export function reconcileNodes(
  previous: readonly CanvasNode[],
  graph: ProjectedGraph,
  fingerprints: ReadonlyMap<string, string>,
  offsetOf: (item: { id: string; position: Point }) => Offset | undefined = () => undefined,
): CanvasNode[] {
  const before = new Map(previous.map((node) => [node.id, node]));
  const gone = portsGone(graph);
  const problems = problemsByNode(graph);
  const placeOf = (item: { id: string; position: Point }): Point => {
    const offset = offsetOf(item);
    return offset ? { x: item.position.x + offset.dx, y: item.position.y + offset.dy } : item.position;
  };
  const cardOf = (node: ProjectedNode): CardFlowNode => {
    const old = before.get(node.id);
    const data = dataOf(node, gone, problems.get(node.id) ?? [], fingerprints.get(node.id) ?? '');
    return old?.type === 'card' ? update(old, data, placeOf(node)) : create(node.id, data, placeOf(node));
  };
  const next = [
    ...graph.frames.map((frame) => drawFrame(before.get(frame.id), frame, placeOf(frame))),
    ...graph.nodes.map(cardOf),
    ...graph.notes.map((note) => drawNote(before.get(note.id), note, placeOf(note))),
  ];
  const changed = previous.length !== next.length || next.some((node, index) => node !== previous[index]);
  return changed ? next : (previous as CanvasNode[]);
}

function create(id: string, data: CardNodeData, position: Point): CardFlowNode {
  return { id, type: 'card', position, data, ...sizeOf(data) };
}

function update(old: CardFlowNode, data: CardNodeData, position: Point): CardFlowNode {
  const sameData = equalData(old.data, data);
  const place = placeNow(old, position);
  if (sameData && place === old.position) return old;
  const next = { ...old, position: place };
  return sameData ? next : { ...next, data, ...sizeOf(data) };
}

function sizeOf(data: CardNodeData): Pick<CardFlowNode, 'width' | 'height' | 'measured' | 'handles' | 'ariaLabel'> {
  const handle = (port: DrawnPort, index: number, side: 'in' | 'out'): NodeHandle => ({
    id: port.name,
    type: side === 'in' ? 'target' : 'source',
    position: side === 'in' ? Position.Left : Position.Right,
    x: side === 'in' ? -HANDLE_SIZE / 2 : NODE_WIDTH - HANDLE_SIZE / 2,
    y: portCentre(index) - HANDLE_SIZE / 2,
    width: HANDLE_SIZE,
    height: HANDLE_SIZE,
  });
  const size = { width: NODE_WIDTH, height: nodeHeight(Math.max(data.inputs.length, data.outputs.length)) };
  return {
    ...size,
    // React Flow brings nothing into view before it has measured all, and it never draws what is out of view.
    measured: size,
    handles: [
      ...data.inputs.map((port, index) => handle(port, index, 'in')),
      ...data.outputs.map((port, index) => handle(port, index, 'out')),
    ],
    ariaLabel: `Node ${data.label}${data.bypassed ? ', bypassed' : data.pin ? ', result pinned' : ''}`,
  };
}

function dataOf(node: ProjectedNode, gone: PortsGone, problems: string[], fingerprint: string): CardNodeData {
  const draw = (ports: readonly Port[], lost: ReadonlySet<string> | undefined): DrawnPort[] => [
    ...ports.map(({ name, type }) => ({ name, type, gone: false })),
    ...[...(lost ?? [])].map((name) => ({ name, type: '', gone: true })),
  ];
  return {
    label: nodeLabel(node),
    cardType: node.card,
    category: node.manifest?.category ?? '',
    inputs: draw(node.manifest?.inputs ?? [], gone.inputs.get(node.id)),
    outputs: draw(node.manifest?.outputs ?? [], gone.outputs.get(node.id)),
    problems,
    fingerprint,
    bypassed: node.bypassed === true,
    pin: node.pin,
  };
}

interface PortsGone {
  inputs: Map<string, Set<string>>;
  outputs: Map<string, Set<string>>;
}

/** Ports that edges name and cards no longer have: they are drawn, so that the broken edge can be seen. */
function portsGone(graph: ProjectedGraph): PortsGone {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const gone: PortsGone = { inputs: new Map(), outputs: new Map() };
  const note = (map: Map<string, Set<string>>, id: string, port: string) => map.set(id, (map.get(id) ?? new Set()).add(port));
  for (const edge of graph.edges) {
    const has = (ports: readonly Port[] | undefined, name: string) => ports?.some((port) => port.name === name) ?? false;
    if (!has(nodes.get(edge.source)?.manifest?.outputs, edge.sourcePort)) note(gone.outputs, edge.source, edge.sourcePort);
    if (!has(nodes.get(edge.target)?.manifest?.inputs, edge.targetPort)) note(gone.inputs, edge.target, edge.targetPort);
  }
  return gone;
}

function problemsByNode(graph: ProjectedGraph): Map<string, string[]> {
  const byNode = new Map<string, string[]>();
  const ordered = [...graph.problems].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1));
  for (const { nodeId, message } of ordered) {
    if (nodeId === undefined) continue;
    const list = byNode.get(nodeId);
    if (list) list.push(message);
    else byNode.set(nodeId, [message]);
  }
  return byNode;
}

const equalPorts = (a: readonly DrawnPort[], b: readonly DrawnPort[]): boolean =>
  a.length === b.length && a.every((port, i) => port.name === b[i]!.name && port.type === b[i]!.type && port.gone === b[i]!.gone);

function equalData(a: CardNodeData, b: CardNodeData): boolean {
  return (
    a.label === b.label &&
    a.cardType === b.cardType &&
    a.category === b.category &&
    a.fingerprint === b.fingerprint &&
    a.bypassed === b.bypassed &&
    a.pin?.runId === b.pin?.runId &&
    a.problems.length === b.problems.length &&
    a.problems.every((message, index) => message === b.problems[index]) &&
    equalPorts(a.inputs, b.inputs) &&
    equalPorts(a.outputs, b.outputs)
  );
}

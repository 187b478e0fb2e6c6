/** What notes and frames do when cards are tidied: notes stay beside their card, frames close around what they held. Pure. */
import { nodesInFrame } from '@ensemble/pipeline';
import type { Point, ProjectedGraph, Size } from '@ensemble/pipeline';
import { frameAround } from './frame-around.ts';
import { cardSize } from './geometry.ts';
import type { NodeMove } from './tidy-layout.ts';

export interface TidiedAnnotations {
  moves: NodeMove[];
  sizes: { id: string; size: Size }[];
}

/** `graph` is from before the cards moved. A frame without cards stays as it is. */
export function tidyAnnotations(graph: ProjectedGraph, cardMoves: readonly NodeMove[]): TidiedAnnotations {
  const places = new Map(cardMoves.map(({ id, position }) => [id, position]));
  const moves: NodeMove[] = [];
  for (const note of graph.notes) {
    const card = nearestCard(graph, note);
    const to = card && places.get(card.id);
    if (!card || !to) continue;
    const position = { x: note.position.x + to.x - card.position.x, y: note.position.y + to.y - card.position.y };
    moves.push({ id: note.id, position });
  }
  for (const move of moves) places.set(move.id, move.position);
  const after = {
    nodes: graph.nodes.map((node) => ({ ...node, position: places.get(node.id) ?? node.position })),
    notes: graph.notes.map((note) => ({ ...note, position: places.get(note.id) ?? note.position })),
    frames: [...graph.frames],
  };
  const sizes: TidiedAnnotations['sizes'] = [];
  const cards = new Set(graph.nodes.map(({ id }) => id));
  // Inner frames first: outer ones close around them too.
  for (const frame of graph.frames.toSorted((a, b) => a.size.width * a.size.height - b.size.width * b.size.height)) {
    const held = new Set(nodesInFrame(graph, frame.id, cardSize));
    const box = [...held].some((id) => cards.has(id)) ? frameAround(after, held) : undefined;
    if (!box) continue;
    after.frames = after.frames.map((other) => (other.id === frame.id ? { ...other, ...box } : other));
    moves.push({ id: frame.id, position: box.position });
    sizes.push({ id: frame.id, size: box.size });
  }
  return { moves, sizes };
}

function nearestCard({ nodes }: ProjectedGraph, note: { position: Point; size: Size }) {
  const far = (node: (typeof nodes)[number]): number => {
    const size = cardSize(node);
    return Math.hypot(
      node.position.x + size.width / 2 - note.position.x - note.size.width / 2,
      node.position.y + size.height / 2 - note.position.y - note.size.height / 2,
    );
  };
  let nearest: (typeof nodes)[number] | undefined;
  for (const node of nodes) if (!nearest || far(node) < far(nearest)) nearest = node;
  return nearest;
}

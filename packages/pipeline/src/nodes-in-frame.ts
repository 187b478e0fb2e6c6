/** What lies in a frame, by geometry alone: asked when somebody begins to drag it, and stored nowhere. */
import type { PipelineFrame } from './annotation.ts';
import type { Point, Size } from './model.ts';
import type { ProjectedGraph } from './project-graph.ts';
import type { ProjectedNode } from './model.ts';

interface Box {
  position: Point;
  size: Size;
}

/**
 * Ids of the cards and notes whose middle lies in the frame, and of the smaller frames that lie wholly in it; in order of id
 * within each. How big a card is drawn is the canvas' to say.
 */
export function nodesInFrame(
  graph: Pick<ProjectedGraph, 'nodes' | 'notes' | 'frames'>,
  frameId: string,
  sizeOf: (node: ProjectedNode) => Size,
): string[] {
  const frame = graph.frames.find((candidate) => candidate.id === frameId);
  if (!frame) return [];
  return [
    ...graph.nodes.filter((node) => holds(frame, middle({ position: node.position, size: sizeOf(node) }))),
    ...graph.notes.filter((note) => holds(frame, middle(note))),
    ...graph.frames.filter((other) => other !== frame && area(other) < area(frame) && holdsAll(frame, other)),
  ].map((item) => item.id);
}

const area = ({ size }: Box): number => size.width * size.height;
const middle = ({ position, size }: Box): Point => ({ x: position.x + size.width / 2, y: position.y + size.height / 2 });

const holds = ({ position, size }: PipelineFrame, { x, y }: Point): boolean =>
  x >= position.x && x <= position.x + size.width && y >= position.y && y <= position.y + size.height;

const holdsAll = (frame: PipelineFrame, { position, size }: Box): boolean =>
  holds(frame, position) && holds(frame, { x: position.x + size.width, y: position.y + size.height });

/** The picture of a template in the gallery, from the positions of its nodes. Pure; knows no colours. */
import type { TemplateThumbnail } from '@ensemble/protocol';

/** A card with one row of ports, as the canvas draws it. */
const NODE = { width: 248, height: 122 };
const MARGIN = 24;

export interface DrawnGraph {
  nodes: readonly { id: string; position: { x: number; y: number }; size?: { width: number; height: number } }[];
  edges: readonly { source: string; target: string }[];
}

/** In the coordinates of the canvas, moved so that the upper left corner is 0, 0. Edges run from right sides to left sides. */
export function drawThumbnail({ nodes, edges }: DrawnGraph): TemplateThumbnail {
  const left = Math.min(...nodes.map(({ position }) => position.x), Infinity) - MARGIN;
  const top = Math.min(...nodes.map(({ position }) => position.y), Infinity) - MARGIN;
  const boxes = new Map(
    nodes.map(({ id, position, size }) => [
      id,
      { x: position.x - left, y: position.y - top, width: size?.width ?? NODE.width, height: size?.height ?? NODE.height },
    ]),
  );
  const drawn = [...boxes.values()];
  return {
    width: Math.max(0, ...drawn.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(0, ...drawn.map(({ y, height }) => y + height)) + MARGIN,
    nodes: drawn,
    edges: edges.flatMap(({ source, target }) => {
      const [from, to] = [boxes.get(source), boxes.get(target)];
      return from && to ? [{ x1: from.x + from.width, y1: from.y + from.height / 2, x2: to.x, y2: to.y + to.height / 2 }] : [];
    }),
  };
}

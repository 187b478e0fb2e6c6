/** Where a dragged card lines up with others: how far to snap, and the lines to show. Flow units; pure. */
import type { Point } from '@ensemble/pipeline';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line from one card to the other; vertical where `x` is the same at both ends. */
export interface Guide {
  from: Point;
  to: Point;
}

export interface Alignment {
  dx: number;
  dy: number;
  guides: Guide[];
}

/** Left edges, middles and right edges, and the same across; the nearest within `reach` wins, once for each direction. */
export function alignGuides(moving: Box, others: readonly Box[], reach: number): Alignment {
  let across: { by: number; at: number; other: Box } | undefined;
  let along: { by: number; at: number; other: Box } | undefined;
  for (const other of others) {
    for (const share of [0, 0.5, 1]) {
      const at = other.x + other.width * share;
      const by = at - (moving.x + moving.width * share);
      if (Math.abs(by) <= reach && (!across || Math.abs(by) < Math.abs(across.by))) across = { by, at, other };
    }
    for (const share of [0, 0.5, 1]) {
      const at = other.y + other.height * share;
      const by = at - (moving.y + moving.height * share);
      if (Math.abs(by) <= reach && (!along || Math.abs(by) < Math.abs(along.by))) along = { by, at, other };
    }
  }
  const dx = across?.by ?? 0;
  const dy = along?.by ?? 0;
  const x = moving.x + dx;
  const y = moving.y + dy;
  const guides: Guide[] = [];
  if (across) {
    const { at, other } = across;
    guides.push({
      from: { x: at, y: Math.min(y, other.y) },
      to: { x: at, y: Math.max(y + moving.height, other.y + other.height) },
    });
  }
  if (along) {
    const { at, other } = along;
    guides.push({
      from: { x: Math.min(x, other.x), y: at },
      to: { x: Math.max(x + moving.width, other.x + other.width), y: at },
    });
  }
  return { dx, dy, guides };
}

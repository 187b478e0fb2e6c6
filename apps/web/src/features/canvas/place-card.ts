import type { Point } from '@ensemble/pipeline';
import { NODE_WIDTH, nodeHeight } from './geometry.ts';

const STEP = 36;
const COLUMN = NODE_WIDTH + 24;
const ROW = nodeHeight(2) + 32;
const RINGS = 6;

/** Where a dropped card goes: where it was let go, or a step away when another card begins there. Flow units, top left corner. */
export function freePlace(wanted: Point, taken: readonly Point[]): Point {
  let place = { x: Math.round(wanted.x), y: Math.round(wanted.y) };
  const occupied = (at: Point) => taken.some((other) => Math.abs(other.x - at.x) < STEP && Math.abs(other.y - at.y) < STEP);
  while (occupied(place)) place = { x: place.x + STEP, y: place.y + STEP };
  return place;
}

/** Where a card goes that was added without a place: the free spot of a grid around `wanted` that is nearest to it, to the right first. */
export function clearPlace(wanted: Point, taken: readonly Point[]): Point {
  const covered = (at: Point) => taken.some((other) => Math.abs(other.x - at.x) < COLUMN - 16 && Math.abs(other.y - at.y) < ROW - 16);
  const spots: Point[] = [];
  for (let column = -RINGS; column <= RINGS; column += 1) {
    for (let row = -RINGS; row <= RINGS; row += 1) spots.push({ x: column, y: row });
  }
  const farness = ({ x, y }: Point) => Math.max(Math.abs(x), Math.abs(y)) + (x < 0 ? 0.3 : 0) + (y < 0 ? 0.2 : 0) + Math.abs(y) * 0.01;
  spots.sort((a, b) => farness(a) - farness(b));
  for (const spot of spots) {
    const place = { x: Math.round(wanted.x + spot.x * COLUMN), y: Math.round(wanted.y + spot.y * ROW) };
    if (!covered(place)) return place;
  }
  return freePlace(wanted, taken);
}

/** Top left corner of a card whose head is centred on a point. */
export const cornerFor = (centre: Point): Point => ({ x: centre.x - NODE_WIDTH / 2, y: centre.y - 24 });

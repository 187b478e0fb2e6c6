/** Where pasted nodes go. Flow units; pure. */
import type { Point } from '@ensemble/pipeline';
import { NODE_WIDTH } from './geometry.ts';

const STEP = 40;

/** How far to move a clip: with its upper middle under the pointer, or a step beside the original; a step more for every repetition. */
export function pasteOffset(nodes: readonly { position: Point }[], at: Point | undefined, times: number): Point {
  if (!at) return { x: STEP * (times + 1), y: STEP * (times + 1) };
  const xs = nodes.map((node) => node.position.x);
  const top = Math.min(...nodes.map((node) => node.position.y));
  const middle = (Math.min(...xs) + Math.max(...xs) + NODE_WIDTH) / 2;
  return { x: at.x - middle + STEP * times, y: at.y - top - STEP / 2 + STEP * times };
}

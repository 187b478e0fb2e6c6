/** The pipeline in small, on a bitmap. Knows nothing of React; `color` reads a token of the theme. */
import type { StepState } from '@ensemble/protocol';
import type { Box } from './align-guides.ts';
import type { CanvasNode } from './flow-nodes.ts';

/** Tokens; the other states look like none. */
export const STATE_COLORS: Partial<Record<StepState, string>> = {
  queued: '--e-warn',
  running: '--e-busy',
  succeeded: '--e-good',
  failed: '--e-bad',
};
const PADDING = 8;
/** Of a pipeline of three cards the overview is no magnifying glass. */
const MOST_SCALE = 0.06;

/** From flow units to pixels of the overview. */
export interface Scale {
  by: number;
  x: number;
  y: number;
}

interface Size {
  width: number;
  height: number;
}
type Pen = Pick<CanvasRenderingContext2D, 'fillStyle' | 'fillRect' | 'clearRect' | 'globalAlpha'>;

export function boundsOf(nodes: readonly Pick<CanvasNode, 'position' | 'width' | 'height'>[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { position, width = 0, height = 0 } of nodes) {
    left = Math.min(left, position.x);
    top = Math.min(top, position.y);
    right = Math.max(right, position.x + width);
    bottom = Math.max(bottom, position.y + height);
  }
  return nodes.length === 0 ? { x: 0, y: 0, width: 1, height: 1 } : { x: left, y: top, width: right - left, height: bottom - top };
}

/** All of it in the middle. */
export function scaleFor(bounds: Box, size: Size): Scale {
  const by = Math.min(MOST_SCALE, (size.width - 2 * PADDING) / bounds.width, (size.height - 2 * PADDING) / bounds.height);
  return {
    by,
    x: size.width / 2 - (bounds.x + bounds.width / 2) * by,
    y: size.height / 2 - (bounds.y + bounds.height / 2) * by,
  };
}

export function drawNodes(
  pen: Pen,
  nodes: readonly CanvasNode[],
  { by, x, y }: Scale,
  size: Size,
  stateOf: (id: string) => StepState | undefined,
  color: (token: string) => string,
): void {
  pen.clearRect(0, 0, size.width, size.height);
  const idle = color('--e-border-strong');
  const states = new Map(Object.entries(STATE_COLORS).map(([state, token]) => [state, color(token)]));
  for (const node of nodes) {
    const state = node.type === 'card' ? stateOf(node.id) : undefined;
    pen.globalAlpha = node.type === 'frame' ? 0.25 : 1;
    pen.fillStyle = node.type === 'card' ? (states.get(state ?? '') ?? idle) : color(`--e-paint-${node.data.color}`);
    const { width = 0, height = 0, position } = node;
    pen.fillRect(position.x * by + x, position.y * by + y, Math.max(1, width * by), Math.max(1, height * by));
  }
  pen.globalAlpha = 1;
}

/** Dims what is outside of the window. */
export function drawView(pen: Pen, view: Box, { by, x, y }: Scale, size: Size, color: (token: string) => string): void {
  const left = Math.max(0, view.x * by + x);
  const top = Math.max(0, view.y * by + y);
  const right = Math.max(left, Math.min(size.width, (view.x + view.width) * by + x));
  const bottom = Math.max(top, Math.min(size.height, (view.y + view.height) * by + y));
  pen.globalAlpha = 0.16;
  pen.fillStyle = color('--e-dim');
  pen.fillRect(0, 0, size.width, top);
  pen.fillRect(0, bottom, size.width, size.height - bottom);
  pen.fillRect(0, top, left, bottom - top);
  pen.fillRect(right, top, size.width - right, bottom - top);
  pen.globalAlpha = 1;
}

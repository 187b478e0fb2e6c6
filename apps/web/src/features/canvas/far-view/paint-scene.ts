/**
 * The pipeline from far away, on one bitmap: what can be told apart at that size. Everything of one look is one path, so
 * that thousands of cards cost a few strokes. Knows nothing of React; `color` reads a token of the theme.
 */
import type { StepState } from '@ensemble/protocol';
import type { Box } from '../align-guides.ts';
import { STATE_COLORS } from '../draw-overview.ts';
import type { FrameFlowNode, NoteFlowNode } from '../flow-annotations.ts';
import type { CanvasNode, CardFlowNode } from '../flow-nodes.ts';
import { labelHeight, labelSize } from './label-size.ts';
import { titleLines } from './title-lines.ts';
import type { Wire } from './wires.ts';

interface FarScene {
  nodes: readonly CanvasNode[];
  wires: readonly Wire[];
}

export interface FarLook {
  stateOf(nodeId: string): StepState | undefined;
  /** Value of a token, as in `--e-surface`. */
  color(token: string): string;
  /** Who has what selected. */
  people: readonly { name: string; color: string; ids: ReadonlySet<string> }[];
}

/** The window on the canvas: flow units times `zoom`, moved by `x` and `y`, are its pixels. */
interface FarWindow {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
}

type Pen = CanvasRenderingContext2D;

const TITLE = { size: 30, line: 36, inset: 26, top: 40, least: 5 };
const CORNER = 12;
const STRIP = 12;
const FONT = 'system-ui, sans-serif';
const CATEGORY_COLORS: Readonly<Record<string, string>> = {
  data: '--e-port-dataframe',
  model: '--e-port-model',
  training: '--e-port-text',
  evaluation: '--e-port-json',
  inference: '--e-port-image',
};

/** Flow units that are as long as so many pixels of the screen, or as they are when they are longer. */
const atLeast = (units: number, pixels: number, zoom: number): number => Math.max(units, pixels / zoom);

/** The pen's transform is the window's already. */
export function paintScene(pen: Pen, scene: FarScene, window: FarWindow, look: FarLook): void {
  const seen = seenThrough(window);
  const { frames, cards, notes } = byKind(scene.nodes, seen);
  for (const frame of frames) paintFrame(pen, frame, window.zoom, look);
  paintWires(pen, scene.wires, seen, look);
  paintCards(
    pen,
    cards.filter((card) => !card.selected),
    window.zoom,
    look,
  );
  paintCards(
    pen,
    cards.filter((card) => card.selected),
    window.zoom,
    look,
  );
  for (const note of notes) paintNote(pen, note, window.zoom, look);
  for (const frame of frames) paintFrameTitle(pen, frame, window.zoom, look);
  for (const person of look.people) paintPerson(pen, person, scene.nodes, seen, window.zoom);
}

const seenThrough = ({ x, y, zoom, width, height }: FarWindow): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
});

const overlaps = (box: Box, left: number, top: number, right: number, bottom: number): boolean =>
  right >= box.x && left <= box.x + box.width && bottom >= box.y && top <= box.y + box.height;

const isSeen = ({ position: { x, y }, width = 0, height = 0 }: CanvasNode, seen: Box): boolean =>
  overlaps(seen, x, y, x + width, y + height);

function byKind(nodes: readonly CanvasNode[], seen: Box) {
  const kinds = { frames: [] as FrameFlowNode[], cards: [] as CardFlowNode[], notes: [] as NoteFlowNode[] };
  for (const node of nodes) {
    if (!isSeen(node, seen)) continue;
    if (node.type === 'card') kinds.cards.push(node);
    else if (node.type === 'frame') kinds.frames.push(node);
    else kinds.notes.push(node);
  }
  return kinds;
}

/** Things of one look together. */
function grouped<Thing>(things: readonly Thing[], lookOf: (thing: Thing) => string): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    const key = lookOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}

function outline(pen: Pen, { position: { x, y }, width = 0, height = 0 }: CanvasNode, zoom: number, grow = 0): void {
  const [left, top, wide, high] = [x - grow, y - grow, width + 2 * grow, height + 2 * grow];
  // A corner of one pixel is no corner, and costs.
  if (CORNER * zoom < 2) pen.rect(left, top, wide, high);
  else pen.roundRect(left, top, wide, high, CORNER + grow);
}

function paintWires(pen: Pen, wires: readonly Wire[], seen: Box, { color }: FarLook): void {
  const visible = wires.filter(({ from, to, swing }) =>
    overlaps(seen, Math.min(from.x, to.x - swing), Math.min(from.y, to.y), Math.max(to.x, from.x + swing), Math.max(from.y, to.y)),
  );
  for (const [token, group] of grouped(visible, lookOfWire)) {
    const [stroke = '', width, broken] = token.split(' ');
    pen.strokeStyle = color(stroke);
    pen.lineWidth = Number(width);
    pen.setLineDash(broken === 'broken' ? [5, 4] : []);
    pen.beginPath();
    for (const { from, to, swing } of group) {
      pen.moveTo(from.x, from.y);
      pen.bezierCurveTo(from.x + swing, from.y, to.x - swing, to.y, to.x, to.y);
    }
    pen.stroke();
  }
  pen.setLineDash([]);
}

const lookOfWire = ({ edge: { data, selected } }: Wire): string =>
  `${tokenOf(data?.color)} ${selected ? 4 : 2} ${data?.broken ? 'broken' : 'whole'}`;

/** From `var(--token)`, as styles have it. */
const tokenOf = (value: string | undefined): string => /--[\w-]+/.exec(value ?? '')?.[0] ?? '--e-port-other';

function paintCards(pen: Pen, cards: readonly CardFlowNode[], zoom: number, look: FarLook): void {
  const { color, stateOf } = look;
  const surface = color('--e-surface');
  const groups = grouped(cards, ({ id, data, selected }) => {
    const tone = data.bypassed ? undefined : STATE_COLORS[stateOf(id) ?? 'pending'];
    return `${tone ?? '-'} ${selected ? 'selected' : '-'} ${data.bypassed ? 'bypassed' : '-'}`;
  });
  for (const [key, group] of groups) {
    const [tone = '-', selected, bypassed] = key.split(' ');
    pen.globalAlpha = bypassed === 'bypassed' ? 0.6 : 1;
    pen.beginPath();
    for (const card of group) outline(pen, card, zoom);
    pen.fillStyle = tone === '-' ? surface : `color-mix(in srgb, ${color(tone)} 16%, ${surface})`;
    pen.fill();
    pen.strokeStyle = color(selected === 'selected' ? '--e-accent' : tone === '-' ? '--e-border-strong' : tone);
    pen.lineWidth = selected === 'selected' ? atLeast(8, 2, zoom) : atLeast(2, 1, zoom);
    pen.setLineDash(bypassed === 'bypassed' ? [atLeast(8, 2, zoom), atLeast(6, 2, zoom)] : []);
    pen.stroke();
    pen.setLineDash([]);
    paintCategories(pen, group, look);
    if (TITLE.size * zoom >= TITLE.least) paintTitles(pen, group, look);
  }
  pen.globalAlpha = 1;
  paintMarks(pen, cards, zoom, look);
}

function paintCategories(pen: Pen, cards: readonly CardFlowNode[], { color }: FarLook): void {
  for (const [category, group] of grouped(cards, ({ data }) => data.category)) {
    pen.fillStyle = color(CATEGORY_COLORS[category] ?? '--e-dim');
    pen.beginPath();
    for (const { position, height = 0 } of group) pen.rect(position.x + 8, position.y + CORNER, STRIP, height - 2 * CORNER);
    pen.fill();
  }
}

function paintTitles(pen: Pen, cards: readonly CardFlowNode[], { color }: FarLook): void {
  pen.fillStyle = color('--e-text');
  pen.font = `600 ${TITLE.size}px ${FONT}`;
  for (const { position, width = 0, height = 0, data } of cards) {
    const most = Math.max(1, Math.floor((height - TITLE.line) / TITLE.line));
    const lines = titleLines(
      data.label,
      { width: width - TITLE.inset - 12, most, size: TITLE.size },
      (text) => pen.measureText(text).width,
    );
    for (const [row, line] of lines.entries()) pen.fillText(line, position.x + TITLE.inset, position.y + TITLE.top + row * TITLE.line);
  }
}

/** A triangle in the right corner for what has problems; a disc beside it for a pinned result. */
function paintMarks(pen: Pen, cards: readonly CardFlowNode[], zoom: number, { color }: FarLook): void {
  const size = atLeast(30, 5, zoom);
  pen.fillStyle = color('--e-warn');
  pen.beginPath();
  for (const { position, width = 0, height = 0, data } of cards) {
    if (data.problems.length === 0) continue;
    const [x, y] = [position.x + width - size * 0.8, position.y + height - size * 0.3];
    pen.moveTo(x - size / 2, y);
    pen.lineTo(x + size / 2, y);
    pen.lineTo(x, y - size * 0.9);
    pen.closePath();
  }
  pen.fill();
  pen.fillStyle = color('--e-accent');
  pen.beginPath();
  for (const { position, height = 0, data } of cards) {
    if (!data.pin || data.bypassed) continue;
    const [x, y] = [position.x + TITLE.inset + size / 2, position.y + height - size * 0.75];
    pen.moveTo(x + size / 2, y);
    pen.arc(x, y, size / 2, 0, 2 * Math.PI);
  }
  pen.fill();
}

function paintFrame(pen: Pen, frame: FrameFlowNode, zoom: number, { color }: FarLook): void {
  const tone = color(`--e-paint-${frame.data.color}`);
  pen.beginPath();
  outline(pen, frame, zoom);
  pen.fillStyle = `color-mix(in srgb, ${tone} 7%, transparent)`;
  pen.fill();
  pen.strokeStyle = frame.selected ? color('--e-accent') : `color-mix(in srgb, ${tone} 55%, transparent)`;
  pen.lineWidth = atLeast(frame.selected ? 4 : 1.5, frame.selected ? 2 : 1, zoom);
  pen.stroke();
}

/** Where there is no room for it, the frame is too small to be told from others. */
function paintFrameTitle(pen: Pen, frame: FrameFlowNode, zoom: number, { color }: FarLook): void {
  const fill = `color-mix(in srgb, ${color(`--e-paint-${frame.data.color}`)} 20%, ${color('--e-surface')})`;
  label(pen, frame.data.title || 'Frame', frame, { zoom, fill, ink: color('--e-text') });
}

function paintNote(pen: Pen, note: NoteFlowNode, zoom: number, { color }: FarLook): void {
  const tone = color(`--e-paint-${note.data.color}`);
  const { position, width = 0, height = 0 } = note;
  pen.beginPath();
  outline(pen, note, zoom);
  pen.fillStyle = `color-mix(in srgb, ${tone} 15%, ${color('--e-surface')})`;
  pen.fill();
  pen.strokeStyle = note.selected ? color('--e-accent') : `color-mix(in srgb, ${tone} 45%, ${color('--e-border')})`;
  pen.lineWidth = atLeast(note.selected ? 8 : 1, note.selected ? 2 : 1, zoom);
  pen.stroke();
  // Lines that say: there is text.
  pen.fillStyle = `color-mix(in srgb, ${tone} 40%, ${color('--e-surface')})`;
  pen.beginPath();
  const rows = note.data.text === '' ? 0 : Math.min(note.data.text.split('\n').length + 1, Math.floor((height - 24) / 24));
  for (let row = 0; row < rows; row += 1)
    pen.rect(position.x + 14, position.y + 16 + row * 24, (width - 28) * (row % 3 === 2 ? 0.6 : 1), 8);
  pen.fill();
}

function paintPerson(
  pen: Pen,
  { name, color: tone, ids }: FarLook['people'][number],
  nodes: readonly CanvasNode[],
  seen: Box,
  zoom: number,
): void {
  const theirs = nodes.filter((node) => ids.has(node.id) && isSeen(node, seen));
  pen.beginPath();
  for (const node of theirs) outline(pen, node, zoom, atLeast(5, 2, zoom));
  pen.strokeStyle = tone;
  pen.lineWidth = atLeast(2, 2, zoom);
  pen.stroke();
  const [first] = theirs;
  if (first) label(pen, name, first, { zoom, room: Infinity, fill: tone, ink: '#fff' });
}

/** Words on top of something, of a size that can be read from any distance, as wide as there is room. */
function label(
  pen: Pen,
  words: string,
  { position, width = 0 }: CanvasNode,
  { zoom, room = width, fill, ink }: { zoom: number; room?: number; fill: string; ink: string },
): void {
  const size = labelSize(zoom);
  if (room < 3 * size) return;
  pen.font = `600 ${size}px ${FONT}`;
  const measure = (text: string) => pen.measureText(text).width;
  const [line = ''] = titleLines(words, { width: room - size, most: 1, size }, measure);
  const top = position.y - labelHeight(zoom);
  pen.beginPath();
  pen.roundRect(position.x, top, measure(line) + size, size * 1.5, size / 3);
  pen.fillStyle = fill;
  pen.fill();
  pen.fillStyle = ink;
  pen.fillText(line, position.x + size / 2, top + size * 1.1);
}

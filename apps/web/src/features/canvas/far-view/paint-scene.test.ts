import { expect, test } from 'vitest';
import type { CanvasNode } from '../flow-nodes.ts';
import { paintScene } from './paint-scene.ts';
import type { FarLook } from './paint-scene.ts';

/** Writes down what a pen is told to do. */
function recorder() {
  const told: { fillStyle: string; strokeStyle: string; did: string; rects: number }[] = [];
  const state: Record<string, unknown> = {};
  let rects = 0;
  const pen = new Proxy(state, {
    get(target, name) {
      if (name in target) return target[name as string];
      if (name === 'measureText') return (text: string) => ({ width: text.length });
      return (...what: unknown[]) => {
        if (name === 'beginPath') rects = 0;
        if (name === 'rect' || name === 'roundRect') rects += 1;
        if (name === 'fill' || name === 'stroke' || name === 'fillText')
          told.push({
            fillStyle: String(target['fillStyle']),
            strokeStyle: String(target['strokeStyle']),
            did: name === 'fillText' ? `text ${String(what[0])}` : name,
            rects,
          });
      };
    },
  }) as unknown as CanvasRenderingContext2D;
  return { pen, told };
}

const card = (id: string, x: number, data: object = {}, more: object = {}): CanvasNode =>
  ({
    id,
    type: 'card',
    position: { x, y: 0 },
    width: 248,
    height: 122,
    data: { label: id, category: 'data', problems: [], bypassed: false, pin: undefined, ...data },
    ...more,
  }) as unknown as CanvasNode;

function painted(nodes: readonly CanvasNode[], look: Partial<FarLook> = {}, zoom = 0.1) {
  const { pen, told } = recorder();
  const window = { x: 0, y: 0, zoom, width: 1000, height: 500 };
  paintScene(pen, { nodes, wires: [] }, window, { stateOf: () => undefined, color: (token) => token, people: [], ...look });
  return told;
}

test('cards of one look are one path, however many', () => {
  const cards = Array.from({ length: 25 }, (_, index) => card(`n${index}`, index * 340));
  const few = painted(cards.slice(0, 2)).length;
  expect(painted(cards)).toHaveLength(few);
  expect(painted(cards).find(({ did, strokeStyle }) => did === 'stroke' && strokeStyle === '--e-border-strong')?.rects).toBe(25);
});

test('what is out of the window is not painted', () => {
  const stroke = painted([card('in', 0), card('out', 20_000), card('before', -400)]).find(({ did }) => did === 'stroke');
  expect(stroke?.rects).toBe(1);
});

test('a state colours the border, unless the card is bypassed; a selection is stronger than a state', () => {
  const stateOf = () => 'failed' as const;
  const strokes = (nodes: CanvasNode[]) =>
    painted(nodes, { stateOf })
      .filter(({ did }) => did === 'stroke')
      .map(({ strokeStyle }) => strokeStyle);
  expect(strokes([card('a', 0)])).toEqual(['--e-bad']);
  expect(strokes([card('a', 0, { bypassed: true })])).toEqual(['--e-border-strong']);
  expect(strokes([card('a', 0, {}, { selected: true })])).toEqual(['--e-accent']);
});

test('titles are painted where they can be read', () => {
  const texts = (zoom: number) => painted([card('Train', 0)], {}, zoom).filter(({ did }) => did === 'text Train');
  expect(texts(0.1)).toHaveLength(0);
  expect(texts(0.25)).toHaveLength(1);
});

test('what a colleague has selected is outlined in their colour, with their name once', () => {
  const people = [{ name: 'Ben', color: 'teal', ids: new Set(['a', 'b', 'gone']) }];
  const told = painted([card('a', 0), card('b', 340), card('c', 680)], { people });
  expect(told.find(({ did, strokeStyle }) => did === 'stroke' && strokeStyle === 'teal')?.rects).toBe(2);
  expect(told.filter(({ did }) => did === 'text Ben')).toHaveLength(1);
});

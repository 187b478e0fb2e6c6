import { addFrame, addNode, addNote, liveFingerprints, moveNodes, projectGraph, setColor, setNoteText } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { beginMove, withCarried } from './carry.ts';
import { nameOfNote } from './flow-annotations.ts';
import { reconcileNodes } from './flow-nodes.ts';
import type { CanvasNode } from './flow-nodes.ts';
import { frameAround } from './frame-around.ts';
import { tidyAnnotations } from './tidy-annotations.ts';
import { cardsForTest } from './test-support/cards-for-test.ts';

const ME = { name: 'me' };
let doc: Y.Doc;
let nodes: CanvasNode[];
const graph = () => projectGraph(doc, cardsForTest());
const draw = () => (nodes = reconcileNodes(nodes, graph(), liveFingerprints(graph(), new Map())));
const drawn = (id: string) => nodes.find((node) => node.id === id);

beforeEach(() => {
  doc = new Y.Doc();
  nodes = [];
  addNode(doc, { id: 'load', card: 'load', position: { x: 100, y: 100 } }, ME);
  addNode(doc, { id: 'far', card: 'load', position: { x: 2000, y: 100 } }, ME);
  addNote(doc, { id: 'note', position: { x: 120, y: 300 }, text: '# Why\nbecause' }, ME);
  addFrame(doc, { id: 'frame', position: { x: 50, y: 50 }, size: { width: 600, height: 500 }, title: 'Prepare' }, ME);
  draw();
});

describe('notes and frames on the canvas', () => {
  test('frames are drawn behind cards, notes before them, all with names', () => {
    expect(nodes.map((node) => node.type)).toEqual(['frame', 'card', 'card', 'note']);
    expect(drawn('frame')!.zIndex! + 1000).toBeLessThan(0);
    expect([drawn('note')?.ariaLabel, drawn('frame')?.ariaLabel]).toEqual(['Note: Why', 'Frame Prepare']);
  });

  test('only what changed gets a new object', () => {
    const before = nodes;
    expect(draw()).toBe(before);
    setNoteText(doc, 'note', 'other', ME);
    draw();
    expect(drawn('note')).toMatchObject({ data: { text: 'other' }, ariaLabel: 'Note: other' });
    setColor(doc, ['frame'], 'red', ME);
    draw();
    expect(drawn('frame')).toMatchObject({ data: { color: 'red', title: 'Prepare' } });
    expect(nodes.slice(1, 3)).toEqual(before.slice(1, 3));
    expect(drawn('load')).toBe(before.find((node) => node.id === 'load'));
  });

  test('what I resize or drag stays under my pointer', () => {
    nodes = nodes.map((node) => (node.id === 'note' ? { ...node, width: 333, resizing: true } : node));
    setNoteText(doc, 'note', 'typed meanwhile', ME);
    draw();
    expect(drawn('note')).toMatchObject({ width: 333, data: { text: 'typed meanwhile' } });
  });

  test('a frame takes along what lies in it, once, and nothing else', () => {
    const to: Point = { x: 150, y: 90 };
    const moved = withCarried([{ id: 'frame', type: 'position', position: to, dragging: true }], beginMove(graph()));
    expect(moved.map((change) => (change.type === 'position' ? [change.id, change.position, change.dragging] : []))).toEqual([
      ['frame', to, true],
      ['load', { x: 200, y: 140 }, true],
      ['note', { x: 220, y: 340 }, true],
    ]);
    const both = withCarried(
      [
        { id: 'frame', type: 'position', position: to },
        { id: 'load', type: 'position', position: { x: 1, y: 2 } },
      ],
      beginMove(graph()),
    );
    expect(both.map((change) => (change.type === 'position' ? change.id : ''))).toEqual(['frame', 'load', 'note']);
    expect(both[1]).toMatchObject({ position: { x: 1, y: 2 } });
  });

  test('a frame around a selection holds all of it', () => {
    const made = frameAround(graph(), new Set(['load', 'note']));
    addFrame(doc, { id: 'made', ...made! }, ME);
    expect([...beginMove(graph()).carriedBy(['made'])].toSorted()).toEqual(['load', 'note']);
    expect(frameAround(graph(), new Set())).toBeUndefined();
  });

  test('tidied cards take their notes along, and their frame closes around them', () => {
    const { moves, sizes } = tidyAnnotations(graph(), [{ id: 'load', position: { x: 1100, y: 400 } }]);
    expect(moves[0]).toEqual({ id: 'note', position: { x: 1120, y: 600 } });
    const size = sizes[0]!;
    addFrame(doc, { ...size, id: 'after', position: moves[1]!.position }, ME);
    moveNodes(doc, [{ id: 'load', position: { x: 1100, y: 400 } }, moves[0]!], ME);
    expect([moves[1]?.id, size.id]).toEqual(['frame', 'frame']);
    expect([...beginMove(graph()).carriedBy(['after'])].toSorted()).toEqual(['load', 'note']);
  });

  test('a note goes by its first line', () => {
    expect([nameOfNote(''), nameOfNote('\n## To do\n- a'), nameOfNote('- **first** `code`'), nameOfNote('x'.repeat(99)).length]).toEqual([
      'empty',
      'To do',
      'first code',
      61,
    ]);
  });
});

import { expect, test } from 'vitest';
import { drawThumbnail } from './draw-thumbnail.ts';

test('a thumbnail keeps the positions of the canvas and begins at its upper left corner', () => {
  const drawn = drawThumbnail({
    nodes: [
      { id: 'a', position: { x: -100, y: 500 } },
      { id: 'b', position: { x: 300, y: 400 }, size: { width: 300, height: 100 } },
    ],
    edges: [{ source: 'a', target: 'b' }],
  });
  expect(drawn.nodes).toEqual([
    { x: 24, y: 124, width: 248, height: 122 },
    { x: 424, y: 24, width: 300, height: 100 },
  ]);
  expect(drawn.edges).toEqual([{ x1: 272, y1: 185, x2: 424, y2: 74 }]);
  expect([drawn.width, drawn.height]).toEqual([748, 270]);
});

test('an edge that leads nowhere is not drawn, and an empty pipeline is an empty picture', () => {
  expect(drawThumbnail({ nodes: [{ id: 'a', position: { x: 0, y: 0 } }], edges: [{ source: 'a', target: 'gone' }] }).edges).toEqual([]);
  expect(drawThumbnail({ nodes: [], edges: [] })).toEqual({ width: 24, height: 24, nodes: [], edges: [] });
});

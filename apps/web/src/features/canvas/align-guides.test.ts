import { expect, test } from 'vitest';
import { alignGuides } from './align-guides.ts';

const box = (x: number, y: number, width = 100, height = 50) => ({ x, y, width, height });

test('a card snaps to the nearest edge or middle of another, and a line joins both', () => {
  expect(alignGuides(box(3, 200), [box(0, 0)], 6)).toEqual({ dx: -3, dy: 0, guides: [{ from: { x: 0, y: 0 }, to: { x: 0, y: 250 } }] });
  // Middles: 100 wide at 26 has its middle at 76, 50 wide at 50 at 75.
  expect(alignGuides(box(26, 200), [box(50, 0, 50)], 6)).toMatchObject({ dx: -1, dy: 0 });
  expect(alignGuides(box(300, 4), [box(0, 0), box(300, 400)], 6)).toMatchObject({ dx: 0, dy: -4, guides: [{}, {}] });
});

test('out of reach nothing snaps', () => {
  expect(alignGuides(box(20, 200), [box(0, 0)], 6)).toEqual({ dx: 0, dy: 0, guides: [] });
  expect(alignGuides(box(20, 200), [], 6)).toEqual({ dx: 0, dy: 0, guides: [] });
});

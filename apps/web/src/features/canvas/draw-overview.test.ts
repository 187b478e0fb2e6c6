import { expect, test } from 'vitest';
import { boundsOf, scaleFor } from './draw-overview.ts';

const at = (x: number, y: number) => ({ position: { x, y }, width: 200, height: 100 });
const SIZE = { width: 150, height: 104 };

test('everything lies inside of the overview, in its middle', () => {
  for (const nodes of [[at(0, 0)], [at(-5_000, 300), at(9_000, 300)], [at(10, -8_000), at(20, 8_000)]]) {
    const bounds = boundsOf(nodes);
    const { by, x, y } = scaleFor(bounds, SIZE);
    const [left, right] = [bounds.x * by + x, (bounds.x + bounds.width) * by + x];
    const [top, bottom] = [bounds.y * by + y, (bounds.y + bounds.height) * by + y];
    expect(Math.min(left, top)).toBeGreaterThanOrEqual(7.9);
    expect(right).toBeLessThanOrEqual(SIZE.width - 7.9);
    expect(bottom).toBeLessThanOrEqual(SIZE.height - 7.9);
    expect((left + right) / 2).toBeCloseTo(SIZE.width / 2);
    expect((top + bottom) / 2).toBeCloseTo(SIZE.height / 2);
  }
});

test('an empty canvas has an overview too', () => {
  expect(scaleFor(boundsOf([]), SIZE).by).toBeGreaterThan(0);
});

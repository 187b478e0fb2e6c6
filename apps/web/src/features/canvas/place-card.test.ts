import { expect, test } from 'vitest';
import { clearPlace, freePlace } from './place-card.ts';

test('cards added at one place never hide each other', () => {
  const taken: { x: number; y: number }[] = [];
  for (let count = 0; count < 5; count += 1) taken.push(freePlace({ x: 10.4, y: 20.6 }, taken));
  expect(taken[0]).toEqual({ x: 10, y: 21 });
  expect(new Set(taken.map((place) => `${place.x} ${place.y}`)).size).toBe(5);
});

test('cards added without a place lie side by side, and the first exactly where it was wanted', () => {
  const taken: { x: number; y: number }[] = [];
  for (let count = 0; count < 12; count += 1) taken.push(clearPlace({ x: 5, y: 5 }, taken));
  expect(taken[0]).toEqual({ x: 5, y: 5 });
  for (const [index, a] of taken.entries()) {
    for (const b of taken.slice(index + 1)) expect(Math.abs(a.x - b.x) >= 248 || Math.abs(a.y - b.y) >= 150).toBe(true);
  }
});

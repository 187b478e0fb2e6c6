import { expect, test } from 'vitest';
import { groupCurves, positive, smooth, withNewPoints } from './curve-data.ts';

const view = {
  series: [{ name: 'loss', points: 2, steps: [0, 1], values: [1, 0.5] }],
  total: 2,
  dropped: 0,
  notFinite: 0,
  complete: false,
};

test('new points go to the end of their curves; points that were missed mean reading again', () => {
  const news = {
    from: 2,
    total: 4,
    points: [
      ['loss', 2, null],
      ['acc', 0, 0.9],
    ] as [string, number, number | null][],
  };
  expect(withNewPoints(view, news)).toEqual({
    ...view,
    total: 4,
    notFinite: 1,
    series: [
      { name: 'loss', points: 3, steps: [0, 1, 2], values: [1, 0.5, null] },
      { name: 'acc', points: 1, steps: [0], values: [0.9] },
    ],
  });
  expect(withNewPoints(view, { ...news, from: 1, total: 3 })?.series[0]?.points).toBe(2);
  expect(withNewPoints(view, { ...news, from: 3, total: 5 })).toBeUndefined();
  expect(withNewPoints(view, { from: 2, total: 900, points: [] })).toBeUndefined();
  expect(withNewPoints(view, { from: 0, total: 1, points: [['loss', 0, 1]] })).toBe(view);
});

test('smoothing keeps the level and the gaps; a log scale shows what is above zero', () => {
  expect(smooth([1, null, 1, 1], 0.9)).toEqual([1, null, 1, 1]);
  const bumpy = smooth([0, 1, 0, 1, 0, 1], 0.8) as number[];
  expect(Math.abs(bumpy.at(-1)! - bumpy.at(-2)!)).toBeLessThan(0.4);
  expect(smooth([1, 2], 0)).toEqual([1, 2]);
  expect(positive([1, 0, -1, null])).toEqual([1, null, null, null]);
});

test('curves of one thing share a chart', () => {
  const curve = (key: string) => ({ key, label: key, steps: [], values: [], run: 0 });
  expect(groupCurves(['train/loss', 'val_loss', 'lr', 'loss'].map(curve)).map(({ name, curves }) => [name, curves.length])).toEqual([
    ['loss', 3],
    ['lr', 1],
  ]);
});

import { createMemoryStore } from '@ensemble/artifact-store';
import { decodeMetrics, MAX_METRIC_SERIES } from '@ensemble/protocol';
import { expect, it } from 'vitest';
import { MetricKeeper } from './metric-keeper.ts';

it('keeps points in columns up to its limit, counts the rest, and tells what is new once', async () => {
  const kept = new MetricKeeper(300);
  for (let at = 0; at < 200; at += 1) kept.add('loss', null, at === 3 ? null : at);
  for (let at = 0; at < 150; at += 1) kept.add('rate', at * 10, at);
  kept.drop(7);
  expect(kept.takeNew(0)).toMatchObject({ from: 0, total: 300 });
  expect(kept.takeNew(300)).toEqual({ from: 300, total: 300, points: [] });
  const store = createMemoryStore();
  const stored = await kept.store(store);
  expect(stored?.points).toBe(300);
  const { series, dropped, notFinite } = decodeMetrics(await store.readAll(stored!.sha256, stored!.bytes));
  expect({ dropped, notFinite }).toEqual({ dropped: 57, notFinite: 1 });
  expect(series.map(({ name, steps, values }) => [name, steps.length, steps[3], values[3]])).toEqual([
    ['loss', 200, 3, NaN],
    ['rate', 100, 30, 3],
  ]);
  const view = kept.view(50);
  expect(view).toMatchObject({ total: 300, dropped: 57, notFinite: 1, complete: false });
  expect(view.series.every(({ steps }) => steps.length <= 50)).toBe(true);
});

it('tells only the number of a storm, and of too many names', async () => {
  const kept = new MetricKeeper();
  for (let at = 0; at < 5_000; at += 1) kept.add('x', at, at);
  expect(kept.takeNew(0)).toEqual({ from: 0, total: 5_000, points: [] });
  kept.add('x', 5_000, 1);
  expect(kept.takeNew(5_000)).toEqual({ from: 5_000, total: 5_001, points: [['x', 5_000, 1]] });
  for (let at = 0; at < MAX_METRIC_SERIES + 5; at += 1) kept.add(`series ${at}`, 0, 0);
  expect(kept.view(100)).toMatchObject({ dropped: 6 });
  expect(await new MetricKeeper().store(createMemoryStore())).toBeNull();
});

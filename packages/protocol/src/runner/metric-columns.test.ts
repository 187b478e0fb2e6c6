import { describe, expect, it } from 'vitest';
import { decodeLogPieces, encodeLogPieces } from '../realtime/live.ts';
import { decodeMetrics, encodeMetrics, thinSeries } from './metric-columns.ts';

describe('the columns of metrics', () => {
  it('come back as they were, also from the middle of a larger buffer', () => {
    const series = [
      { name: 'loss', steps: Float64Array.of(0, 1, 2), values: Float64Array.of(0.5, NaN, -1e300) },
      { name: 'größe', steps: Float64Array.of(), values: Float64Array.of() },
      { name: 'lr', steps: Float64Array.of(7.5), values: Float64Array.of(0.1) },
    ];
    const bytes = encodeMetrics(series, { dropped: 3, notFinite: 1 });
    expect(decodeMetrics(bytes)).toEqual({ series, dropped: 3, notFinite: 1 });
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(decodeMetrics(larger.subarray(3)).series).toEqual(series);
  });

  it('are refused when they are something else', () => {
    expect(() => decodeMetrics(new TextEncoder().encode('{"v":1} nothing of the kind'))).toThrow();
    const whole = encodeMetrics([{ name: 'x', steps: Float64Array.of(1), values: Float64Array.of(1) }], { dropped: 0, notFinite: 0 });
    expect(() => decodeMetrics(whole.subarray(0, whole.length - 8))).toThrow();
  });
});

describe('a thinned curve', () => {
  const many = 100_000;
  const steps = Float64Array.from({ length: many }, (_, at) => at);
  const values = Float64Array.from({ length: many }, (_, at) => Math.sin(at / 1_000));

  it('keeps every spike and its order', () => {
    const spiked = values.slice();
    spiked[54_321] = 40;
    spiked[54_322] = -40;
    const thin = thinSeries({ name: 's', steps, values: spiked }, 500);
    expect(thin.points).toBe(many);
    expect(thin.steps.length).toBeLessThanOrEqual(500);
    const at = thin.values.indexOf(40);
    expect(thin.steps[at]).toBe(54_321);
    expect(thin.values[at + 1]).toBe(-40);
    expect(thin.steps).toEqual(thin.steps.toSorted((a, b) => a - b));
  });

  it('shows a gap where nothing was a number, and only what lies between two steps', () => {
    const broken = values.slice().fill(NaN, 20_000, 60_000);
    const thin = thinSeries({ name: 's', steps, values: broken }, 200);
    expect(thin.values.filter((value) => value === null).length).toBe(40);
    const zoomed = thinSeries({ name: 's', steps, values }, 200, 1_000, 1_100);
    expect([zoomed.steps[0], zoomed.steps.at(-1), zoomed.steps.length]).toEqual([1_000, 1_100, 101]);
    expect(thinSeries({ name: 's', steps: steps.subarray(0, 3), values: Float64Array.of(1, NaN, 2) }, 10).values).toEqual([1, null, 2]);
  });
});

it('pieces of a log share a message, and a message that is cut is refused', () => {
  const pieces = [
    { id: 7, isAnswer: false, start: 2 ** 40, size: 2 ** 40 + 5, bytes: new TextEncoder().encode('hello') },
    { id: 0xffff_ffff, isAnswer: true, start: 0, size: 0, bytes: new Uint8Array() },
  ];
  const message = encodeLogPieces(pieces);
  expect(decodeLogPieces(message)).toEqual(pieces);
  expect(() => decodeLogPieces(message.subarray(0, 28))).toThrow(RangeError);
});

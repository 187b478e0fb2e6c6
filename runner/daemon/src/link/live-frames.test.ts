import { busNames, LIVE_FRAME_BYTES, WATCH_LEASE_MS, type LiveMetrics } from '@ensemble/protocol';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, expect, it } from 'vitest';
import { MetricKeeper } from '../workspace/metric-keeper.ts';
import { LiveFrames } from './live-frames.ts';

const names = busNames('test');
let frames: LiveFrames;
afterEach(() => frames.stop());

function arrange() {
  const sent: { subject: string; bytes: string; offset: number }[] = [];
  const state = { text: '', now: 0, held: true };
  const publish: NatsConnection['publish'] = (subject, payload, options) => {
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload ?? []).toString();
    sent.push({ subject, bytes, offset: Number(options?.headers?.get('Log-Offset') ?? NaN) });
  };
  const log = {
    get size() {
      return state.text.length;
    },
    range: (offset: number, maxBytes: number) => ({ offset, bytes: Buffer.from(state.text.slice(offset, offset + maxBytes)) }),
  };
  const metrics = new MetricKeeper();
  frames = new LiveFrames(
    { publish, isClosed: () => false },
    names,
    'r',
    () => (state.held ? { log, metrics } : undefined),
    () => state.now,
  );
  const watch = (wanted: { log: boolean; metrics: boolean }) => frames.watch({ v: 1, attemptId: 'a', ...wanted });
  return { sent, state, metrics, watch };
}

it('sends what is new while it is watched, and the end of a storm with the place where it begins', () => {
  const { sent, state, watch } = arrange();
  state.text = 'before';
  frames.tick();
  watch({ log: true, metrics: false });
  frames.tick();
  expect(sent).toEqual([]);
  state.text += ' and after';
  frames.tick();
  frames.tick();
  expect(sent).toEqual([{ subject: names.liveLog('r', 'a'), bytes: ' and after', offset: 6 }]);
  state.text += 'x'.repeat(10 * LIVE_FRAME_BYTES);
  watch({ log: true, metrics: false });
  frames.tick();
  expect(sent[1]?.bytes.length).toBe(LIVE_FRAME_BYTES);
  expect(sent[1]?.offset).toBe(state.text.length - LIVE_FRAME_BYTES);
});

it('sends new points with the number of those before', () => {
  const { sent, metrics, watch } = arrange();
  metrics.add('loss', 0, 1);
  watch({ log: false, metrics: true });
  metrics.add('loss', 1, 0.5);
  frames.tick();
  frames.tick();
  expect(sent.map(({ subject, bytes }) => [subject, JSON.parse(bytes) as LiveMetrics])).toEqual([
    [names.liveMetrics('r', 'a'), { from: 1, total: 2, points: [['loss', 1, 0.5]] }],
  ]);
});

it.each([
  ['nobody asked again', (state: { now: number }) => void (state.now += WATCH_LEASE_MS + 1)],
  ['the attempt is over', (state: { held: boolean }) => void (state.held = false)],
])('sends nothing any more when %s', (_why, change) => {
  const { sent, state, watch } = arrange();
  watch({ log: true, metrics: true });
  change(state);
  state.text += 'more';
  frames.tick();
  expect(sent).toEqual([]);
});

import { expect, test } from 'vitest';
import { trackRemoteDrags } from './remote-drags.ts';

const START = { x: 100, y: 50 };

test('a drag shifts a node until the document says another place', () => {
  const drags = trackRemoteDrags();
  drags.learn([{ ids: ['a'], dx: 10, dy: 5 }], () => START);
  expect(drags.offsetOf('a', START)).toEqual({ dx: 10, dy: 5 });
  expect(drags.offsetOf('b', START)).toBeUndefined();
  // The drop arrives while the presence still says "dragging": no double shift.
  expect(drags.offsetOf('a', { x: 110, y: 55 })).toBeUndefined();
});

test('the offset counts from where the drag began, not from where the node was committed since', () => {
  const drags = trackRemoteDrags();
  drags.learn([{ ids: ['a'], dx: 10, dy: 5 }], () => START);
  drags.learn([{ ids: ['a'], dx: 10, dy: 5 }], () => ({ x: 110, y: 55 }));
  expect(drags.offsetOf('a', { x: 110, y: 55 })).toBeUndefined();
});

test('a new drag after the last has ended begins at the new place', () => {
  const drags = trackRemoteDrags();
  drags.learn([{ ids: ['a'], dx: 10, dy: 5 }], () => START);
  drags.learn([], () => START);
  expect(drags.offsetOf('a', START)).toBeUndefined();
  drags.learn([{ ids: ['a'], dx: 1, dy: 1 }], () => ({ x: 110, y: 55 }));
  expect(drags.offsetOf('a', { x: 110, y: 55 })).toEqual({ dx: 1, dy: 1 });
});

import { expect, test } from 'vitest';
import { ResourceGate } from './resource-gate.ts';

const plain = { pool: 'cpu', gpus: 0 };

test('nothing begins before there is room, and who came first goes first', async () => {
  const gate = new ResourceGate({ slots: 4, cpus: 4, memoryBytes: 8, gpus: 0 });
  const order: string[] = [];
  const first = await gate.enter({ ...plain, memoryBytes: 7 });
  const entered = [
    gate.enter({ ...plain, memoryBytes: 4 }).then((lease) => (order.push('four'), lease)),
    gate.enter({ ...plain, memoryBytes: 1 }).then((lease) => (order.push('one'), lease)),
  ];
  await Promise.resolve();
  expect(order).toEqual([]);
  first.leave();
  first.leave();
  for (const lease of await Promise.all(entered)) lease.leave();
  expect(order).toEqual(['four', 'one']);
  // All of it is there again.
  await gate.enter({ ...plain, cpus: 4, memoryBytes: 8 });
});

test('each GPU is given to one at a time', async () => {
  const gate = new ResourceGate({ slots: 4, cpus: 4, memoryBytes: 8, gpus: 2 });
  const one = await gate.enter({ pool: 'gpu', gpus: 1, memoryBytes: 1 });
  const two = await gate.enter({ pool: 'gpu', gpus: 1, memoryBytes: 1 });
  expect(new Set([...one.gpus, ...two.gpus])).toEqual(new Set([0, 1]));
  const waiting = gate.enter({ pool: 'gpu', gpus: 1, memoryBytes: 1 });
  two.leave();
  expect((await waiting).gpus).toEqual(two.gpus);
});

/** What the orchestrator promises when a database, a runner or the bus goes away, or it was ended itself. Part of its contract. */
import type { CardManifest } from '@ensemble/cards';
import { eventually } from '@ensemble/testkit';
import { describe, expect, test } from 'vitest';
import type { Database } from '../platform/database/database.ts';
import type { World } from './test-orchestrator.ts';
import { idle, passes, runToTheEnd, settled } from './test-world-steps.ts';

export type MakeWorld = (graph: Record<string, string[]>, cards?: Record<string, Partial<CardManifest>>) => Promise<World>;

export function faultContract(make: MakeWorld, database: () => Database): void {
  describe('a database that fails', () => {
    test('RUN-10 a start whose answer was lost runs all the same', async () => {
      const w = await make({ a: [] });
      const failing = database();
      const { transaction } = failing;
      failing.transaction = async (work) => {
        await transaction(work);
        throw new Error('The connection was lost after the commit.');
      };
      await expect(w.start()).rejects.toThrow('after the commit');
      failing.transaction = transaction;
      expect(w.bus.queue.size).toBe(0);
      await passes(w, 2_000);
      await eventually('its first step is on the queue', () => w.bus.queue.size === 1);
      await runToTheEnd(w);
    });

    test('RUN-10 what follows from a result is published, even if the answer of its commit was lost', async () => {
      const w = await make({ a: [], b: ['a'] });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      const failing = database();
      const { transaction } = failing;
      failing.transaction = async (work) => {
        await transaction(work);
        throw new Error('The connection was lost after the commit.');
      };
      await expect(w.finish(a)).rejects.toThrow('after the commit');
      failing.transaction = transaction;
      w.bus.queue.delete(a.attemptId);
      await passes(w, 2_000);
      await eventually('the next step is on the queue', () => w.bus.queue.size === 1);
      await w.finish(a);
      await runToTheEnd(w);
      expect(await w.states(run.id)).toEqual({ a: 'succeeded', b: 'succeeded' });
    });
  });

  describe('runners that go away', () => {
    test('RUNNER-1 a silent runner loses its attempt: its delivery ends and another attempt follows', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      w.bus.queue.delete(a.attemptId);
      w.beat('runner', [a.attemptId]);
      await passes(w, 3_000);
      expect(await w.states(run.id)).toEqual({ a: 'running' });
      await passes(w, 1_000);
      await eventually('the delivery is ended', () => w.bus.ended.includes(`ack.${a.attemptId}`));
      expect(await w.states(run.id)).toEqual({ a: 'queued' });
      await passes(w, 1_000);
      await eventually('another attempt is on the queue', () => w.bus.queue.size === 1);
      const again = w.assignmentOf('a');
      expect(again.attempt).toBe(2);
      await w.claim(again, 'other');
      // The lost runner comes back with its result: too late.
      await w.finish(a);
      expect(await w.states(run.id)).toEqual({ a: 'running' });
      await w.finish(again);
      expect(await w.stateOf(run.id)).toBe('succeeded');
    });

    test('RUNNER-1 silence while the bus is down proves nothing', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      await w.claim(w.assignmentOf('a'));
      w.beat('runner', []);
      w.bus.up = false;
      await passes(w, 10_000);
      w.bus.up = true;
      await passes(w, 1_000);
      expect(await w.states(run.id)).toEqual({ a: 'running' });
      await passes(w, 5_000);
      expect(await w.states(run.id)).toEqual({ a: 'queued' });
    });

    test('RUNNER-1 a control plane that was held up itself listens anew before it gives a runner up', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      await w.claim(w.assignmentOf('a'));
      w.beat('runner', []);
      w.now += 3_600_000;
      await passes(w, 1_000);
      expect(await w.states(run.id)).toEqual({ a: 'running' });
    });

    test('RUNNER-2 a runner that does not hold what it should has lost it, after more than two beats', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      w.beat('runner', []);
      w.beat('runner', []);
      w.beat('runner', [a.attemptId]);
      w.beat('runner', []);
      w.beat('runner', []);
      await idle(w);
      expect(await w.states(run.id)).toEqual({ a: 'running' });
      w.beat('runner', []);
      await idle(w);
      expect(await w.states(run.id)).toEqual({ a: 'queued' });
    });

    test('RUN-4 a cancel that the runner did not hear is sent again', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      w.beat('runner', [a.attemptId]);
      await w.orchestrator.runs.apply(run.id, { kind: 'cancelRequested' });
      await passes(w, 500);
      await passes(w, 500);
      expect(w.bus.cancelled.length).toBeGreaterThan(1);
    });

    test('RUNNER-3 a step that waits says why', async () => {
      const w = await make({ a: [], b: [] }, { b: { resources: { gpu: 1, timeoutSeconds: 600, network: [] } } });
      const run = await w.start();
      await settled(w);
      w.beat('runner', []);
      await passes(w, 500);
      await eventually('the reasons are shown', () => {
        const { steps } = w.shown(run.id);
        return JSON.stringify(steps).includes('1st in the queue for cpu') && JSON.stringify(steps).includes('no GPU runner is connected');
      });
      expect(w.shown(run.id).steps.a).toMatchObject({ state: 'queued', position: 1 });
    });
  });

  describe('after a restart', () => {
    test('assigned attempts are published again with their ids, running ones wait for their runner', async () => {
      const w = await make({ a: [], b: [], c: ['a'] });
      const run = await w.start();
      await settled(w);
      const [a, b] = [w.assignmentOf('a'), w.assignmentOf('b')];
      await w.claim(a);
      w.bus.queue.clear();
      await w.restart();
      expect([...w.bus.queue.keys()]).toEqual([b.attemptId]);
      w.beat('runner', [a.attemptId]);
      await passes(w, 2_000);
      expect(await w.states(run.id)).toEqual({ a: 'running', b: 'queued', c: 'pending' });
      await w.finish(a);
      expect(await w.states(run.id)).toEqual({ a: 'succeeded', b: 'queued', c: 'queued' });
    });

    test('an attempt whose runner never speaks again is lost', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      await w.claim(w.assignmentOf('a'));
      await w.restart();
      await passes(w, 5_000);
      expect(await w.states(run.id)).toEqual({ a: 'queued' });
      expect(await database().sql.query(`SELECT state FROM attempt WHERE run_id = $1 AND number = 1`, [run.id])).toEqual([
        { state: 'lost' },
      ]);
    });

    test('a retry that was due meanwhile happens', async () => {
      const w = await make({ a: [] }, { a: { retries: 1 } });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      await w.finish(a, { outcome: 'failed', error: { kind: 'card', message: 'flaky' } });
      expect(w.bus.queue.size).toBe(0);
      await w.restart();
      await passes(w, 1_000);
      await eventually('the second attempt is on the queue', () => w.bus.queue.size === 1);
      await runToTheEnd(w);
      expect(await w.stateOf(run.id)).toBe('succeeded');
    });

    test('a wiped queue is filled again when the bus comes back', async () => {
      const w = await make({ a: [] });
      await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      w.bus.queue.clear();
      w.bus.published.length = 0;
      w.bus.handlers!.onConnected();
      await eventually('it is published again', () => w.bus.queue.has(a.attemptId));
    });

    test('a document that was not written before the end is written after it', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      await runToTheEnd(w);
      await w.orchestrator.stop();
      w.docs.delete(`run:${run.id}`);
      await w.restart();
      await eventually('the document is back', () => w.shown(run.id).steps.a?.state === 'succeeded');
    });
  });
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { busNames, type Assignment, type AttemptResult, type ClaimRequest, type RunnerHeartbeat, type StepNews } from '@ensemble/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startEmbeddedNats, type EmbeddedNats } from '../embedded/embedded-nats.ts';
import { silentLogger } from '../logger.ts';
import type { Bus } from './bus.ts';
import { openNatsBus } from './nats-bus.ts';
import { requireServerVersion } from './nats-streams.ts';

const binary = path.resolve(import.meta.dirname, '../../../../../.cache/tools/bin/nats-server');
const prefix = 'bus-test';
const names = busNames(prefix);
const logger = silentLogger();
/** For a machine that is busy with something else. */
const BUSY = { timeout: 40_000 };

const assignment = (attemptId: string): Assignment => ({
  v: 1,
  attemptId,
  runId: 'run',
  projectId: 'project',
  nodeId: 'node',
  attempt: 1,
  need: { pool: 'cpu', gpus: 0 },
  specHash: 'a'.repeat(64),
});
const result = (attemptId: string): AttemptResult => ({
  v: 1,
  attemptId,
  runId: 'run',
  nodeId: 'node',
  runnerId: 'runner',
  outcome: 'succeeded',
  outputs: [],
  isolation: 'L2',
  durationMs: 1,
});

/** The other end of the bus, with the runner's login. */
async function connectRunner(nats: EmbeddedNats): Promise<NatsConnection> {
  const url = new URL(nats.runnerUrl);
  return await connect({
    servers: url.host,
    user: url.username,
    pass: url.password,
    inboxPrefix: names.inbox('runner'),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
}

describe.skipIf(!existsSync(binary))('the bus on an embedded NATS', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-bus-'));
  let nats: EmbeddedNats;
  let bus: Bus;
  let runner: NatsConnection;
  const seen = {
    results: [] as AttemptResult[],
    claims: [] as ClaimRequest[],
    heartbeats: [] as RunnerHeartbeat[],
    news: [] as StepNews[],
    connected: 0,
  };
  let storeResult: (result: AttemptResult) => Promise<void> = async () => {};

  beforeAll(async () => {
    nats = await startEmbeddedNats({ binary, directory, prefix, runnerId: 'runner', logger });
    bus = await openNatsBus({ url: nats.url, prefix, logger });
    await bus.start({
      onResult: async (value) => {
        await storeResult(value);
        seen.results.push(value);
      },
      onClaim: async (request) => {
        seen.claims.push(request);
        return { go: request.attemptId !== 'fenced' };
      },
      onHeartbeat: (value) => void seen.heartbeats.push(value),
      onNews: (value) => void seen.news.push(value),
      onConnected: () => void (seen.connected += 1),
    });
    runner = await connectRunner(nats);
    await bus.serveRunner('runner');
  });
  beforeEach(() => {
    storeResult = async () => {};
  });
  afterAll(async () => {
    await runner.close();
    await bus.close();
    await nats.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const pull = async (expires = BUSY.timeout) => {
    const consumer = await jetstream(runner).consumers.get(names.assignmentsStream, names.assignmentsConsumer('runner'));
    return await consumer.next({ expires });
  };

  test('an assignment reaches its runner, once, however often it is published, and no other', async () => {
    await bus.serveRunner('other');
    await bus.publishAssignment('runner', 'one.1', assignment('one'));
    await bus.publishAssignment('runner', 'one.1', assignment('one'));
    await bus.publishAssignment('other', 'two.1', assignment('two'));
    const message = await pull();
    expect(message?.json()).toEqual(assignment('one'));
    expect(await message?.ackAck()).toBe(true);
    expect(await pull(1_000)).toBeNull();
    const others = jetstream(runner, { timeout: 500 }).consumers.get(names.assignmentsStream, names.assignmentsConsumer('other'));
    await expect(others).rejects.toThrow();
    await bus.forgetRunner('other');
  });

  test('the delivery that a lost runner held can be ended, and only that', async () => {
    await bus.publishAssignment('runner', 'lost.1', assignment('lost'));
    const message = await pull();
    const reply = (message as unknown as { msg: { reply: string } }).msg.reply;
    await bus.endDelivery(reply);
    const manager = await jetstreamManager(await asControlPlane());
    await vi.waitFor(async () => expect((await manager.streams.info(names.assignmentsStream)).state.messages).toBe(0), BUSY);
    await expect(bus.endDelivery(names.assignment('runner'))).rejects.toThrow(/no acknowledgement subject/);
    await expect(bus.endDelivery('$JS.ACK.OTHER.runners-cpu.1.1.1.1.0')).rejects.toThrow(/no acknowledgement subject/);
  });

  test('a result is delivered again until it is stored, and then is gone from the stream', async () => {
    let failures = 2;
    storeResult = async () => {
      if ((failures -= 1) >= 0) throw new Error('the database is away');
    };
    await jetstream(runner).publish(names.result('runner', 'run'), JSON.stringify(result('stored')), { msgID: 'stored.result' });
    await vi.waitFor(() => expect(seen.results).toEqual([result('stored')]), BUSY);
    const manager = await jetstreamManager(await asControlPlane());
    await vi.waitFor(async () => expect((await manager.streams.info(names.resultsStream)).state.messages).toBe(0), BUSY);
  });

  test('a result that does not fit the protocol is dropped and does not block the next', async () => {
    const js = jetstream(runner);
    await js.publish(names.result('runner', 'run'), '{"v":1,"attemptId":7}');
    await js.publish(names.result('runner', 'run'), 'not json');
    await js.publish(names.result('runner', 'run'), JSON.stringify(result('after')));
    await vi.waitFor(() => expect(seen.results.at(-1)?.attemptId).toBe('after'), BUSY);
  });

  test('claims are answered, heartbeats and news arrive, broken ones do not', async () => {
    const claim = { v: 1, attemptId: 'go', runnerId: 'runner', ackSubject: '$JS.ACK.x', isolation: 'L2' };
    expect((await runner.request(names.claim('runner'), JSON.stringify(claim), BUSY)).json()).toEqual({ go: true });
    expect((await runner.request(names.claim('runner'), JSON.stringify({ ...claim, attemptId: 'fenced' }), BUSY)).json()).toEqual({
      go: false,
    });
    const news: StepNews = { kind: 'progress', attemptId: 'go', runId: 'run', nodeId: 'node', fraction: 0.5, message: 'half' };
    runner.publish(names.news('run'), '{"kind":"progress"}');
    runner.publish(names.news('run'), JSON.stringify(news));
    await vi.waitFor(() => expect(seen.news).toEqual([news]), BUSY);
    runner.publish(names.heartbeat('runner'), JSON.stringify({ v: 1, runnerId: 'runner' }));
    const heartbeat = {
      v: 1,
      runnerId: 'runner',
      name: 'R',
      version: '1',
      startedAt: 1,
      pools: ['cpu'],
      engines: [],
      slots: 1,
      cpus: 1,
      memoryBytes: 1,
      gpus: 0,
      load: { cpu: 0, memoryBytes: 0 },
      held: [],
      draining: false,
    };
    runner.publish(names.heartbeat('runner'), JSON.stringify(heartbeat));
    await vi.waitFor(() => expect(seen.heartbeats).toEqual([heartbeat]), BUSY);
  });

  test('cancelling and reading a log ask the runner, and say so when it is not there', async () => {
    const log = new TextEncoder().encode('0123456789');
    runner.subscribe(names.cancel('runner'), { callback: (_, message) => void message.respond('') });
    runner.subscribe(names.log('runner'), {
      callback: (_, message) => {
        const { offset, maxBytes } = message.json<{ offset: number; maxBytes: number }>();
        const size = headers();
        size.set('Log-Size', String(log.length));
        message.respond(log.subarray(offset, offset + maxBytes), { headers: size });
      },
    });
    await runner.flush();
    expect(await bus.cancel('runner', 'attempt')).toBe(true);
    const range = await bus.readLog('runner', 'attempt', 2, 4);
    expect(range?.size).toBe(10);
    expect(new TextDecoder().decode(range?.bytes)).toBe('2345');
    expect(await bus.cancel('nobody', 'attempt')).toBe(false);
    expect(await bus.readLog('nobody', 'attempt', 0, 4)).toBeUndefined();
    expect(await bus.cancel('here.cancel', 'attempt')).toBe(false);
  });

  test("the runner's login cannot hand out work, make streams or listen to the control plane", async () => {
    await expect(jetstream(runner, { timeout: 500 }).publish(names.assignment('runner'), '{}')).rejects.toThrow();
    await expect(runner.request(`$JS.API.STREAM.CREATE.${prefix}x`, '{}', { timeout: 500 })).rejects.toThrow();
    await expect(runner.request(`$JS.API.STREAM.DELETE.${names.resultsStream}`, '', { timeout: 500 })).rejects.toThrow();
    const refused = new Promise<unknown>((resolve) => runner.subscribe('_INBOX_CONTROL_PLANE.>', { callback: (error) => resolve(error) }));
    expect(String(await refused)).toMatch(/permissions violation/i);
    // Nor can it speak for another runner, or hear what it is told.
    await expect(runner.request(names.claim('other'), '{}', { timeout: 500 })).rejects.toThrow();
    await expect(jetstream(runner, { timeout: 500 }).publish(names.result('other', 'run'), '{}')).rejects.toThrow();
    const forged = { ...result('forged'), runnerId: 'other' };
    await jetstream(runner).publish(names.result('runner', 'run'), JSON.stringify(forged));
    for (const subject of [`${names.inbox('other')}.>`, '_INBOX.>', names.cancel('other')]) {
      const denied = new Promise<unknown>((resolve) => runner.subscribe(subject, { callback: (error) => resolve(error) }));
      expect(String(await denied)).toMatch(/permissions violation/i);
    }
    await jetstream(runner).publish(names.result('runner', 'run'), JSON.stringify(result('own')));
    await vi.waitFor(() => expect(seen.results.at(-1)?.attemptId).toBe('own'), BUSY);
    expect(seen.results.some(({ attemptId }) => attemptId === 'forged')).toBe(false);
  });

  test('streams deleted under a living connection come back', async () => {
    const before = seen.connected;
    const manager = await jetstreamManager(await asControlPlane());
    await manager.streams.delete(names.resultsStream);
    await manager.streams.delete(names.assignmentsStream);
    await vi.waitFor(() => expect(seen.connected).toBeGreaterThan(before), BUSY);
    await bus.publishAssignment('runner', 'again.1', assignment('again'));
    expect((await pull())?.json()).toEqual(assignment('again'));
    await jetstream(runner).publish(names.result('runner', 'run'), JSON.stringify(result('again')));
    await vi.waitFor(() => expect(seen.results.at(-1)?.attemptId).toBe('again'), BUSY);
  });

  test('a server that was killed and its directory wiped is started again, and the bus serves as before', async () => {
    const before = seen.connected;
    const killed = nats.pid;
    rmSync(path.join(directory, 'jetstream'), { recursive: true });
    process.kill(killed ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(bus.connected()).toBe(false), BUSY);
    await vi.waitFor(() => expect(seen.connected).toBeGreaterThan(before), BUSY);
    expect(nats.pid).not.toBe(killed);
    await bus.publishAssignment('runner', 'wiped.1', assignment('wiped'));
    await vi.waitFor(async () => expect((await pull(2_000))?.json()).toEqual(assignment('wiped')), BUSY);
    await vi.waitFor(() => jetstream(runner).publish(names.result('runner', 'run'), JSON.stringify(result('wiped'))), BUSY);
    await vi.waitFor(() => expect(seen.results.at(-1)?.attemptId).toBe('wiped'), BUSY);
  });

  const others: NatsConnection[] = [];
  async function asControlPlane(): Promise<NatsConnection> {
    const url = new URL(nats.url);
    const connection = await connect({ servers: url.host, user: url.username, pass: url.password });
    others.push(connection);
    return connection;
  }
  afterAll(() => Promise.all(others.map((connection) => connection.close())));
});

test('a server older than 2.12 is refused with a sentence that says what to do', () => {
  const server = (version: string) => ({ info: { version }, getServer: () => 'somewhere:4222' }) as unknown as NatsConnection;
  expect(() => requireServerVersion(server('2.9.10'))).toThrow(/has version 2\.9\.10, but Ensemble needs 2\.12 or newer/);
  for (const version of ['2.12.0', '2.15.1', '3.0.0']) requireServerVersion(server(version));
});

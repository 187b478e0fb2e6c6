/** The socket of live logs and metrics from outside: who is let in, what comes, what is left out, and who is sent away. */
import { canInProject, type Actor, type ProjectAction, type Role } from '@ensemble/permissions';
import {
  CLOSE,
  decodeLogPieces,
  LIVE_FRAME_BYTES,
  MetricView,
  encodeMetrics,
  StepAttempt,
  type LiveNews,
  type LogPiece,
} from '@ensemble/protocol';
import type { WebSocket } from 'ws';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createLiveSockets, registerLogRoutes, type LiveSockets } from '../modules/logs/index.ts';
import { ApiError, notFound } from '../platform/api-error.ts';
import type { Database } from '../platform/database/database.ts';
import { openDatabase } from '../platform/database/open-database.ts';
import type { App } from '../platform/http/app.ts';
import { silentLogger } from '../platform/logger.ts';
import { mountLiveSocket } from './collaboration.ts';
import { openApp } from './http/open-app.ts';
import { World } from './test-orchestrator.ts';

const PATIENCE = { timeout: 20_000, interval: 10 };
const ROLES: Record<string, Role> = { ada: 'editor', vic: 'viewer' };

let database: Database;
let world: World;
let app: App;
let live: LiveSockets;
let runId = '';
let now = 0;

beforeAll(async () => void (database = await openDatabase({ directory: 'memory://' })));
afterAll(() => database.close());
beforeEach(async () => {
  world = await World.on(database, { a: [] });
  now = 1_000;
  const authorize = async (actor: Actor, action: ProjectAction): Promise<void> => {
    const role = actor.kind === 'user' ? ROLES[actor.userId] : undefined;
    if (role === undefined) throw notFound('project');
    if (!canInProject(actor, action, role)) throw new ApiError('forbidden', 'Not with this role.');
  };
  const ports = { sql: database.sql, artifacts: world.store, bus: world.bus, authorize };
  app = await openApp({
    rules: { host: '127.0.0.1', publicUrl: undefined },
    actorOf: async ({ 'x-user': user }) =>
      typeof user === 'string' ? { kind: 'user', userId: user, name: user, isOwner: false, sessionEndsAt: 5_000 } : { kind: 'anonymous' },
    logger: silentLogger(),
  });
  live = createLiveSockets({ ...ports, now: () => now, onProblem: (error) => expect(error).toBeUndefined() });
  registerLogRoutes(app, ports);
  mountLiveSocket(app, live);
  await app.ready();
  ({ id: runId } = await world.start());
  await world.orchestrator.runs.publishWaiting();
  await world.claim(world.assignmentOf('a'));
});
afterEach(async () => {
  live.stop();
  await app.close();
  await world.orchestrator.stop();
  await database.sql.query('DELETE FROM attempt');
  await database.sql.query('DELETE FROM run');
});

interface Peer {
  socket: WebSocket;
  news: LiveNews[];
  pieces: LogPiece[];
  messages: number;
  closed: { code: number; reason: string }[];
  ask(request: object): void;
}

async function connect(user?: string, origin = 'http://127.0.0.1'): Promise<Peer> {
  const peer: Omit<Peer, 'socket' | 'ask'> = { news: [], pieces: [], messages: 0, closed: [] };
  const socket = await app.injectWS(
    '/live',
    { headers: { host: '127.0.0.1', origin, ...(user === undefined ? {} : { 'x-user': user }) } },
    {
      onInit: (client) => {
        client.on('message', (data: Buffer, isBinary) => {
          peer.messages += 1;
          if (isBinary) peer.pieces.push(...decodeLogPieces(data));
          else peer.news.push(JSON.parse(data.toString()) as LiveNews);
        });
        client.on('close', (code, reason) => peer.closed.push({ code, reason: reason.toString() }));
      },
    },
  );
  return Object.assign(peer, { socket, ask: (request: object) => socket.send(JSON.stringify(request)) });
}

const watch = (id = 1) => ({ kind: 'watch', id, runId, nodeId: 'a', log: true, metrics: true });
const watcher = async () => await vi.waitUntil(() => [...world.bus.watchers.values()][0], PATIENCE);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (piece: LogPiece | undefined): string => new TextDecoder().decode(piece?.bytes);
const get = (path: string, user = 'ada') =>
  app.inject({ url: `/api/runs/${runId}/steps/a/${path}`, headers: { host: '127.0.0.1', 'x-user': user } });

test('nobody gets in without a session or from another page, and a stranger sees no run', async () => {
  await expect(connect()).rejects.toThrow('401');
  await expect(connect('ada', 'http://elsewhere.example')).rejects.toThrow('403');
  const stranger = await connect('stan');
  stranger.ask(watch());
  await vi.waitFor(() => expect(stranger.news).toMatchObject([{ kind: 'refused', id: 1 }]), PATIENCE);
  expect(world.bus.watchers.size).toBe(0);
});

test('a watcher gets what is printed and measured, and a late one reads the rest by ranges', async () => {
  const peer = await connect('vic');
  peer.ask(watch());
  await vi.waitFor(() => expect(peer.news).toMatchObject([{ kind: 'watching', id: 1, state: 'live', size: 9 }]), PATIENCE);
  const { onLog, onMetrics } = await watcher();
  onLog!({ bytes: bytes('more\n'), offset: 9, size: 14 });
  onLog!({ bytes: bytes('and more\n'), offset: 14, size: 23 });
  onMetrics!({ from: 0, total: 1, points: [['loss', 0, 0.5]] });
  await vi.waitFor(() => expect(peer.pieces.map((piece) => [piece.start, text(piece)])).toEqual([[9, 'more\nand more\n']]), PATIENCE);
  await vi.waitFor(
    () => expect(peer.news.at(-1)).toEqual({ kind: 'metrics', news: [{ id: 1, from: 0, total: 1, points: [['loss', 0, 0.5]] }] }),
    PATIENCE,
  );
  peer.ask({ kind: 'range', id: 1, from: 0, to: 9 });
  await vi.waitFor(() => expect(peer.pieces[1]).toMatchObject({ isAnswer: true, start: 0 }), PATIENCE);
  expect(text(peer.pieces[1])).toBe('live log\n');
  peer.ask({ kind: 'unwatch', id: 1 });
  await vi.waitFor(() => expect(world.bus.watchers.size).toBe(0), PATIENCE);
});

test('of a storm only the end comes, in few messages, and its position tells the gap', async () => {
  const peer = await connect('ada');
  peer.ask(watch());
  const { onLog } = await watcher();
  const frame = new Uint8Array(LIVE_FRAME_BYTES);
  const frames = 500;
  for (let at = 0; at < frames; at++) onLog!({ bytes: frame, offset: at * 1_000_000, size: at * 1_000_000 + frame.length });
  await vi.waitFor(() => expect(peer.pieces.at(-1)?.start).toBe((frames - 1) * 1_000_000), PATIENCE);
  expect(peer.messages).toBeLessThan(frames / 5);
});

test('two people cost the bus one watch, and it ends with the last of them', async () => {
  const [one, two] = [await connect('ada'), await connect('vic')];
  one.ask(watch());
  two.ask(watch(9));
  await vi.waitFor(() => expect([one.news.length, two.news.length]).toEqual([1, 1]), PATIENCE);
  const { onLog } = await watcher();
  onLog!({ bytes: bytes('x'), offset: 9, size: 10 });
  await vi.waitFor(() => expect([one.pieces[0]?.id, two.pieces[0]?.id]).toEqual([1, 9]), PATIENCE);
  one.socket.terminate();
  await vi.waitFor(() => expect(live.watches()).toBe(1), PATIENCE);
  two.socket.terminate();
  await vi.waitFor(() => expect([live.watches(), world.bus.watchers.size]).toEqual([0, 0]), PATIENCE);
});

test('whose rights change or whose session ends is sent away at once; nonsense and floods close the socket', async () => {
  const [ada, vic, mad, flood] = [await connect('ada'), await connect('vic'), await connect('vic'), await connect('vic')];
  ada.ask(watch());
  await watcher();
  live.disconnectUser('ada');
  expect(world.bus.watchers.size).toBe(0);
  await vi.waitFor(() => expect(ada.closed).toEqual([CLOSE.accessChanged]), PATIENCE);
  mad.socket.send('{"kind":"watch"}');
  await vi.waitFor(() => expect(mad.closed).toEqual([CLOSE.invalid]), PATIENCE);
  for (let at = 0; at < 1_000; at++) flood.ask({ kind: 'unwatch', id: at });
  await vi.waitFor(() => expect(flood.closed).toEqual([CLOSE.tooFast]), PATIENCE);
  expect(vic.closed).toEqual([]);
  now = 6_000;
  live.disconnectEnded();
  await vi.waitFor(() => expect(vic.closed).toEqual([CLOSE.accessChanged]), PATIENCE);
});

test('a failed attempt keeps its log and curve, and both are there by its number', async () => {
  const a = world.assignmentOf('a');
  const columns = encodeMetrics([{ name: 'loss', steps: Float64Array.of(0, 1), values: Float64Array.of(1, NaN) }], {
    dropped: 2,
    notFinite: 1,
  });
  const [log, metrics] = [await world.store.put(bytes('before the fall\n')), await world.store.put(columns)];
  await world.finish(a, {
    outcome: 'failed',
    outputs: [],
    error: { kind: 'memory', message: 'out of memory' },
    log: { sha256: log.sha256, bytes: log.size, truncated: false },
    metrics: { sha256: metrics.sha256, bytes: metrics.size, points: 2 },
  });
  expect((await get('log?attempt=1')).json()).toMatchObject({ text: 'before the fall\n', complete: true });
  expect((await get('log/file')).body).toBe('before the fall\n');
  expect(StepAttempt.array().parse((await get('attempts')).json())).toMatchObject([
    { number: 1, state: 'failed', logBytes: 16, metricPoints: 2 },
  ]);
  expect(MetricView.parse((await get('metrics')).json())).toEqual({
    series: [{ name: 'loss', points: 2, steps: [0, 1], values: [1, null] }],
    total: 2,
    dropped: 2,
    notFinite: 1,
    complete: true,
  });
  expect((await get('log?attempt=2')).statusCode).toBe(404);
  expect((await get('metrics', 'stan')).statusCode).toBe(404);
  const peer = await connect('ada');
  peer.ask(watch());
  await vi.waitFor(() => expect(peer.news).toEqual([{ kind: 'watching', id: 1, state: 'stored', size: 16, truncated: false }]), PATIENCE);
});

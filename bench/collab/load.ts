/**
 * A process of clients, started by `collab.ts`: writers, each dragging a node of its own, or watchers, who only look. Both
 * note when; `collab.ts` puts the two together. Their clock is the machine's, so it is the same in both processes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { moveNodes } from '@ensemble/pipeline';
import { seededRandom } from '@ensemble/testkit';
import * as Y from 'yjs';
import { nodeOf, openClient } from './client.ts';
import type { Client, Dialect } from './client.ts';

export interface LoadSettings {
  url: string;
  dialect: Dialect;
  role: 'writers' | 'watchers';
  clients: number;
  editsPerSecond: number;
  seed: number;
}

/** Per writer and edit: when, in milliseconds; absent when it never was. */
export type Times = (number | null)[][];

export interface LoadReport {
  sent: Times;
  acknowledged: Times;
  /** Of each watcher. */
  seen: Times[];
}

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const settings = JSON.parse(process.argv[2] ?? '{}') as LoadSettings;
const report: LoadReport = { sent: [], acknowledged: [], seen: [] };
const random = seededRandom(settings.seed);
const interval = 1_000 / settings.editsPerSecond;

async function openWriter(writer: number): Promise<Client> {
  const sent: number[] = [];
  report.sent[writer] = sent;
  const acknowledged: number[] = [];
  report.acknowledged[writer] = acknowledged;
  const client = await openClient({
    ...settings,
    user: `writer-${writer}`,
    follow: false,
    onAcknowledged: (edit) => (acknowledged[edit] = now()),
  });
  client.doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'writer') client.send(update, sent.length - 1);
  });
  return client;
}

async function write(client: Client, writer: number, until: number): Promise<void> {
  const start = now() + random.next() * interval;
  for (let edit = 0; ; edit += 1) {
    await pause(Math.max(0, start + edit * interval - now()));
    const at = now();
    if (at >= until) return;
    report.sent[writer]?.push(at);
    // The position tells watchers which edit of whom it is.
    moveNodes(client.doc, [{ id: nodeOf(writer), position: { x: edit, y: writer } }], 'writer');
  }
}

async function openWatcher(index: number): Promise<Client> {
  const client = await openClient({ ...settings, user: `watcher-${index}`, follow: true });
  const seen: number[][] = [];
  report.seen[index] = seen;
  client.doc.getMap('nodes').observeDeep((events) => {
    const at = now();
    for (const { target, keys } of events) {
      if (!(target instanceof Y.Map) || !keys.has('pos')) continue;
      const [edit, writer] = target.get('pos') as [number, number];
      (seen[writer] ??= [])[edit] = at;
    }
  });
  return client;
}

const open = settings.role === 'writers' ? openWriter : openWatcher;
const clients: Client[] = [];
for (let index = 0; index < settings.clients; index += 1) clients.push(await open(index));

process.on('message', (message: { until: number } | 'report') => {
  if (message === 'report') process.send!(report);
  else if (settings.role === 'writers') void Promise.all(clients.map((client, writer) => write(client, writer, message.until)));
});
process.send!('ready');

/**
 * Kills a server while people write, again and again, and counts what it acknowledged and then did not have. The clients
 * die with the server: with their memory they would send again what was lost, and hide the loss.
 * Knows nothing of how the server stores anything.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openRawSocket } from './raw-client.ts';
import { seededRandom } from './seeded-random.ts';

export interface ServerUnderTest {
  /** Of the collaboration socket. */
  url: string;
  /** SIGKILL, of this process and nothing else. Resolves when it is gone. */
  kill(): Promise<void>;
}

export interface Writer {
  /** Resolves once the server acknowledged the key. Rejects when it never will. */
  write(key: string): Promise<void>;
  /** Ends without a word and forgets everything. */
  vanish(): void;
}

export interface KillPlan {
  seed?: number;
  kills: number;
  writers: number;
  /** Edits a writer has on their way at once. */
  outstanding: number;
  /** The server is killed once it acknowledged so many edits, and a random time in here after that. */
  warmUpEdits: number;
  killAfterMs: { least: number; most: number };
  /** Starts the server on the data that the last one left. */
  start(): Promise<ServerUnderTest>;
  connect(url: string, writer: number): Promise<Writer>;
  /** Every key the server has, read by a client without memory. */
  survivors(url: string): Promise<Set<string>>;
}

export interface KillReport {
  seed: number;
  kills: number;
  written: number;
  acknowledged: number;
  /** Edits on their way when the server was killed. At 0 the kills proved nothing. */
  inFlight: number;
  /** Acknowledged, and gone. */
  lost: string[];
}

export async function killUnderLoad(plan: KillPlan): Promise<KillReport> {
  const random = seededRandom(plan.seed);
  const acknowledged = new Set<string>();
  const report: KillReport = { seed: random.seed, kills: 0, written: 0, acknowledged: 0, inFlight: 0, lost: [] };

  let warm = Promise.withResolvers<void>();
  let toWarmUp = 0;

  async function writeUntilDead(writer: Writer, name: string): Promise<void> {
    let count = 0;
    const line = async (): Promise<void> => {
      for (;;) {
        const key = `${name}-${(count += 1)}`;
        report.written += 1;
        try {
          await writer.write(key);
        } catch {
          report.inFlight += 1;
          return;
        }
        acknowledged.add(key);
        if ((toWarmUp -= 1) === 0) warm.resolve();
      }
    };
    await Promise.all(Array.from({ length: plan.outstanding }, line));
  }

  for (let round = 0; round < plan.kills; round += 1) {
    const server = await plan.start();
    const writers = await Promise.all(Array.from({ length: plan.writers }, (_, index) => plan.connect(server.url, index)));
    warm = Promise.withResolvers();
    toWarmUp = plan.warmUpEdits;
    const writing = writers.map((writer, index) => writeUntilDead(writer, `r${round}w${index}`));
    await Promise.race([warm.promise, Promise.all(writing)]);
    await pause(plan.killAfterMs.least + random.integer(plan.killAfterMs.most - plan.killAfterMs.least + 1));
    await server.kill();
    report.kills += 1;
    for (const writer of writers) writer.vanish();
    await Promise.all(writing);
  }

  const server = await plan.start();
  const survivors = await plan.survivors(server.url);
  await server.kill();
  report.acknowledged = acknowledged.size;
  report.lost = [...acknowledged].filter((key) => !survivors.has(key));
  return report;
}

export interface DocumentWriterOptions {
  documentName: string;
  /** A root map in which keys may be set. */
  map: string;
  headers(writer: number): Record<string, string>;
}

/** `connect` and `survivors` for a server that speaks the collaboration protocol. */
export function documentWriters({ documentName, map, headers }: DocumentWriterOptions): Pick<KillPlan, 'connect' | 'survivors'> {
  return {
    async connect(url, index) {
      const socket = await openRawSocket({ url, headers: headers(index) });
      const document = await socket.open(documentName);
      return { write: (key) => document.edit((doc) => doc.getMap(map).set(key, 1)), vanish: () => socket.terminate() };
    },
    async survivors(url) {
      const socket = await openRawSocket({ url, headers: headers(0) });
      const { doc } = await socket.open(documentName);
      socket.terminate();
      return new Set(doc.getMap(map).keys());
    },
  };
}

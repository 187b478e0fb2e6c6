/** What this machine cannot be faster than: a bare socket there and back, and one row that is on the disk, one at a time. */
import { once } from 'node:events';
import { spawnServer } from '@ensemble/testkit';
import pg from 'pg';
import { WebSocket } from 'ws';
import { quantiles } from '../lib/report.ts';
import type { Quantiles } from '../lib/report.ts';

export interface Floor {
  echo: Quantiles;
  insert: Quantiles;
}

const ROUNDS = 300;
const BYTES = 60;

async function measure(work: () => Promise<unknown>): Promise<Quantiles> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return quantiles(times.slice(ROUNDS / 10));
}

/** `database`: an empty one, of PostgreSQL. */
export async function measureFloor(program: string, database: string): Promise<Floor> {
  const server = await spawnServer(program, ['echo']);
  const socket = new WebSocket(server.url, { perMessageDeflate: false });
  await once(socket, 'open');
  const bytes = Buffer.alloc(BYTES, 1);
  const echo = await measure(async () => {
    socket.send(bytes);
    await once(socket, 'message');
  });
  socket.terminate();
  await server.stop();

  const client = new pg.Client({ connectionString: database });
  await client.connect();
  await client.query('CREATE TABLE floor (bytes bytea)');
  const insert = await measure(() => client.query('INSERT INTO floor VALUES ($1)', [bytes]));
  await client.end();
  return { echo, insert };
}

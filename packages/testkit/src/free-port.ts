import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A port for a server that is started again on it. Below those that the kernel gives to outgoing connections: while the
 * server is away one of them could take its port, even the connection of a client that tries to come back.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new Error('None of 100 ports between 15000 and 32000 is free.');
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Services beside the product that a test owns, on free ports: a real nats-server, and a small S3. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@ensemble/testkit';
import S3rver from 's3rver';
import { eventually, removeDirectory, repository } from './product.ts';

export interface NatsServer {
  url: string;
  /** kill -9; with `wipe`, its directory is emptied as well. */
  kill(options?: { wipe?: boolean }): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startNatsServer(): Promise<NatsServer> {
  const binary = path.join(process.env.ENSEMBLE_CACHE_DIR ?? path.join(repository, '.cache'), 'tools/bin/nats-server');
  const port = await freePort();
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-nats-'));
  let child: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    let log = '';
    child = spawn(binary, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', path.join(directory, 'jetstream')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await eventually(
      () => log,
      (text) => text.includes('Server is ready'),
    );
  };
  const kill = async (options: { wipe?: boolean } = {}): Promise<void> => {
    const ending = child;
    if (ending && ending.exitCode === null && ending.signalCode === null) {
      const gone = new Promise((resolve) => ending.on('exit', resolve));
      ending.kill('SIGKILL');
      await gone;
    }
    if (options.wipe) removeDirectory(path.join(directory, 'jetstream'));
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    start,
    async stop() {
      await kill();
      removeDirectory(directory);
    },
  };
}

/** What the product is told of a bucket, and the end of it. */
export async function startBucket(): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-s3-'));
  const configureBuckets = [{ name: 'ensemble', configs: [] }];
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets });
  const { port } = await server.run();
  return {
    env: {
      S3_BUCKET: 'ensemble',
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    async stop() {
      await server.close();
      removeDirectory(directory);
    },
  };
}

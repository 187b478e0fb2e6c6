/** A `nats-server` of our own: loopback only, JetStream in the data directory, one login for each side. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runnerPermissions } from './runner-permissions.ts';
import { newSecret } from '../ids.ts';
import type { Logger } from '../logger.ts';
import { superviseChild, type SupervisedChild } from './supervised-child.ts';

const START_TIMEOUT_MS = 10_000;
const PORT_TRIES = 3;

export interface EmbeddedNatsOptions {
  binary: string;
  /** Of its own, inside the data directory. */
  directory: string;
  /** What the runner's login is scoped to. */
  prefix: string;
  runnerId: string;
  logger: Logger;
}

export interface EmbeddedNats {
  /** With the control plane's login. */
  readonly url: string;
  /** With a login that can take assignments and report, and nothing else. */
  readonly runnerUrl: string;
  /** Where WebSockets lead to the bus, for runners on other machines: `ws://127.0.0.1:…`. */
  readonly socketUrl: string;
  /** Who else may log in, each scoped to itself. Whoever is left out is disconnected. */
  admit(runners: readonly AdmittedRunner[]): Promise<void>;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

interface AdmittedRunner {
  runnerId: string;
  /** Public user nkey. */
  publicKey: string;
}

/** Starts it and waits until it answers. The port stays the same when it dies and is started again. */
export async function startEmbeddedNats(options: EmbeddedNatsOptions): Promise<EmbeddedNats> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  let failure = '';
  for (let attempt = 0; attempt < PORT_TRIES; attempt += 1) {
    const port = await freePort();
    const place = { port, socketPort: await freePort(), controlPlane: newSecret(), runner: newSecret() };
    const configFile = path.join(options.directory, 'nats.conf');
    const configure = async (runners: readonly AdmittedRunner[]): Promise<void> => {
      await writeFile(`${configFile}.new`, configuration(options, place, runners), { mode: 0o600 });
      await rename(`${configFile}.new`, configFile);
    };
    await configure([]);
    const child = await superviseChild({
      name: 'nats-server',
      command: options.binary,
      args: ['-c', configFile],
      cwd: options.directory,
      env: {},
      recordFile: path.join(options.directory, 'nats.process.json'),
      logger: options.logger,
    });
    if (await answers(port, child)) {
      return {
        url: `nats://control-plane:${place.controlPlane}@127.0.0.1:${port}`,
        runnerUrl: `nats://runner:${place.runner}@127.0.0.1:${port}`,
        socketUrl: `ws://127.0.0.1:${place.socketPort}`,
        admit: async (runners) => {
          await configure(runners);
          // It reads the file again; connections that are still allowed stay.
          if (child.pid !== undefined) process.kill(child.pid, 'SIGHUP');
        },
        get pid() {
          return child.pid;
        },
        stop: () => child.stop(),
      };
    }
    failure = child.lastOutput.slice(-3).join(' ');
    await child.stop();
  }
  throw new Error(`The embedded nats-server (${options.binary}) did not start: ${failure || 'it does not answer'}`);
}

/** The first line of every NATS connection comes from the server. */
async function answers(port: number, child: SupervisedChild): Promise<boolean> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline && child.exits === 0;) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => {});
      socket.setTimeout(500, () => socket.destroy());
      socket.once('data', (data) => {
        resolve(data.toString('latin1').startsWith('INFO '));
        socket.destroy();
      });
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
    });
    if (greeted) return child.exits === 0;
    await sleep(20);
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}

interface Place {
  port: number;
  socketPort: number;
  /** Passwords. */
  controlPlane: string;
  runner: string;
}

function configuration(options: EmbeddedNatsOptions, place: Place, admitted: readonly AdmittedRunner[]): string {
  const quote = (text: string): string => JSON.stringify(text);
  const list = (subjects: string[]): string => `[${subjects.map(quote).join(', ')}]`;
  const permissions = (runnerId: string): string => {
    const { publish, subscribe } = runnerPermissions(options.prefix, runnerId);
    return `{
      publish: { allow: ${list(publish)} }
      subscribe: { allow: ${list(subscribe)} }
      allow_responses: { max: 1, expires: "30s" }
    }`;
  };
  const others = admitted.map(({ runnerId, publicKey }) => `    { nkey: ${publicKey}, permissions: ${permissions(runnerId)} }`);
  return `
server_name: ensemble
listen: "127.0.0.1:${place.port}"
websocket { listen: "127.0.0.1:${place.socketPort}", no_tls: true }
log_file: ${quote(path.join(options.directory, 'nats.log'))}
logfile_size_limit: 10MB
logfile_max_num: 3
max_payload: 1MB
# An acknowledged message is on the disk.
jetstream { store_dir: ${quote(path.join(options.directory, 'jetstream'))}, sync_interval: always }
authorization {
  users: [
    { user: control-plane, password: ${quote(place.controlPlane)} }
    { user: runner, password: ${quote(place.runner)}, permissions: ${permissions(options.runnerId)} }
${others.join('\n')}
  ]
}
`;
}

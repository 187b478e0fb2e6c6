/** A Docker of the tests' own: socket, data and containers below one folder, gone afterwards. For tests only. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { CARD_PYTHON, until } from './test-bench.ts';

const run = promisify(execFile);
const DOCKERD = '/usr/sbin/dockerd';
const BUILD_IMAGE = join(import.meta.dirname, '../../../../infra/images/build-cpu-image.mjs');

/** Of cgroups: without them a container has no limits. */
const hasMemoryGroups = async (): Promise<boolean> =>
  existsSync('/sys/fs/cgroup/memory') || (await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8').catch(() => '')).includes('memory');

async function refusal(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'only root can start one';
  if (!existsSync(DOCKERD)) return `${DOCKERD} is not there (Debian: docker.io)`;
  if (!existsSync(CARD_PYTHON)) return 'there is no Python for cards';
  return (await hasMemoryGroups()) ? null : 'this machine has no control groups for memory';
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}

export class TestDocker {
  readonly folder: string;
  readonly socketPath: string;
  readonly client: Docker;
  /** Id of the CPU image for cards. */
  image = '';
  #dockerd: ChildProcess | undefined;
  #containerd: ChildProcess | undefined;
  #log = '';

  private constructor(folder: string) {
    this.folder = folder;
    this.socketPath = join(folder, 'docker.sock');
    this.client = new Docker({ socketPath: this.socketPath });
  }

  /** Null where none can run; then one line says why. */
  static async open(): Promise<TestDocker | null> {
    const docker = new TestDocker(await mkdtemp(join(tmpdir(), 'ensemble-docker-')));
    const reason =
      (await refusal()) ??
      (await docker.start().then(
        () => null,
        (error: unknown) => `it does not start: ${String(error)}`,
      ));
    if (reason !== null) {
      console.warn(`skipped with a real Docker: ${reason}`);
      await docker.close();
      return null;
    }
    const { stdout } = await run(process.execPath, [BUILD_IMAGE, '--docker', `unix://${docker.socketPath}`]);
    docker.image = stdout.trim();
    return docker;
  }

  /** Settings of a daemon that uses it. */
  get settings(): Record<string, string> {
    return { ENSEMBLE_ENGINE: 'docker', ENSEMBLE_DOCKER_SOCKET: this.socketPath, ENSEMBLE_DOCKER_IMAGE: this.image };
  }

  async start(): Promise<void> {
    const { folder } = this;
    const at = (name: string): string => join(folder, name);
    if (this.#containerd === undefined) {
      await writeFile(at('containerd.toml'), 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
      const places = ['--root', at('containerd'), '--state', at('containerd-state'), '--address', at('containerd.sock')];
      this.#containerd = this.#spawn('containerd', ['--config', at('containerd.toml'), ...places]);
      await until('containerd to listen', () => existsSync(at('containerd.sock')));
    }
    await writeFile(at('daemon.json'), '{}');
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '--containerd', at('containerd.sock')];
    const nothingOfTheMachine = [
      '--config-file',
      at('daemon.json'),
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--ip-masq=false',
    ];
    const child = this.#spawn(DOCKERD, ['--host', `unix://${this.socketPath}`, ...places, ...nothingOfTheMachine]);
    this.#dockerd = child;
    await until('Docker to answer', async () => {
      if (child.exitCode !== null) throw new Error(`Docker ended: ${this.#log}`);
      return this.client.ping().then(
        () => true,
        () => false,
      );
    });
  }

  /** It ends with this process. */
  #spawn(program: string, args: string[]): ChildProcess {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.on('data', (bytes: Buffer) => (this.#log = (this.#log + bytes.toString('utf8')).slice(-4_000)));
    return child;
  }

  /** The daemon only: what containers run on stays, as where it is a service of its own. */
  async kill(): Promise<void> {
    await end(this.#dockerd, 'SIGKILL');
  }

  /** Running or not. */
  async containers(): Promise<number> {
    return (await this.client.listContainers({ all: true })).length;
  }

  async close(): Promise<void> {
    await end(this.#dockerd, 'SIGTERM');
    await end(this.#containerd, 'SIGTERM');
    // What a killed one left mounted.
    const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounts.filter((one) => one.startsWith(`${this.folder}/`)).toReversed()) {
      await run('umount', ['--lazy', mount]).catch(() => undefined);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

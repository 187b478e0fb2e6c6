/** A place for system tests: a real NATS server, a real store, real daemons and the real sandbox. For tests only. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDirectoryStore, type ArtifactStore } from '@ensemble/artifact-store';
import { AckPolicy, jetstreamManager, jetstream, RetentionPolicy } from '@nats-io/jetstream';
import { connect, nanos, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  AttemptResult,
  busNames,
  ClaimRequest,
  RunnerHeartbeat,
  type Assignment,
  type LogRequest,
  type StepSpec,
} from '@ensemble/protocol';

const REPOSITORY = resolve(import.meta.dirname, '../../../..');
export const CARD_PYTHON = join(REPOSITORY, '.cache/python/bin/python');
export const SDK_DIR = join(REPOSITORY, 'runner/python');
const NATS_SERVER = join(REPOSITORY, '.cache/tools/bin/nats-server');
/** The tests need what the set-up script makes. */
export const READY =
  process.platform === 'linux' && existsSync(CARD_PYTHON) && existsSync(NATS_SERVER) && existsSync(join(SDK_DIR, 'ensemble_harness'));

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Waits until `probe` gives something; fails after `ms` naming `what`. */
export async function until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>, ms = 60_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await pause(20);
  }
}

/** Below the ports of outgoing connections: one of those could take it while the server is restarted. */
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    server.once('error', () => done(freePort()));
    server.listen(port, '127.0.0.1', () => server.close(() => done(port)));
  });

export interface Daemon {
  child: ChildProcess;
  runnerId: string;
  isolation: string;
  stderr: () => string;
  exited: Promise<number | null>;
}

export class TestBench {
  readonly folder: string;
  readonly names = busNames('bench');
  readonly results: AttemptResult[] = [];
  readonly claims: ClaimRequest[] = [];
  readonly heartbeats = new Map<string, RunnerHeartbeat>();
  readonly news: unknown[] = [];
  /** What the pretended control plane answers; null answers nothing. */
  onClaim: (request: ClaimRequest) => boolean | null = () => true;
  store!: ArtifactStore;
  nc!: NatsConnection;
  #port = 0;
  #nats: ChildProcess | undefined;
  readonly #daemons: Daemon[] = [];
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Everything lies below a private (0700) folder, as in somebody's home. */
  static async open(): Promise<TestBench> {
    const folder = await mkdtemp(join(tmpdir(), 'ensemble-bench-'));
    await chmod(folder, 0o700);
    const bench = new TestBench(folder);
    bench.store = await openDirectoryStore(join(folder, 'artifacts'));
    bench.#port = await freePort();
    await bench.startNats();
    bench.nc = await connect({ servers: `127.0.0.1:${bench.#port}`, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    await bench.makeStreams();
    const { nc, names } = bench;
    nc.subscribe(names.allClaims, {
      callback: (_, message) => {
        const claim = ClaimRequest.parse(message.json());
        bench.claims.push(claim);
        const go = bench.onClaim(claim);
        if (go !== null) message.respond(JSON.stringify({ go }));
      },
    });
    nc.subscribe(names.allHeartbeats, {
      callback: (_, message) => {
        const heartbeat = RunnerHeartbeat.parse(message.json());
        bench.heartbeats.set(heartbeat.runnerId, heartbeat);
      },
    });
    nc.subscribe(names.allNews, { callback: (_, message) => void bench.news.push(message.json()) });
    nc.subscribe(names.resultsSubjects, { callback: (_, message) => void bench.results.push(AttemptResult.parse(message.json())) });
    return bench;
  }

  async startNats(): Promise<void> {
    this.#nats = spawn(NATS_SERVER, ['-js', '-a', '127.0.0.1', '-p', String(this.#port), '-sd', join(this.folder, 'nats')], {
      stdio: 'ignore',
    });
    await until('the NATS server', () =>
      connect({ servers: `127.0.0.1:${this.#port}`, reconnect: false }).then(
        (nc) => nc.close().then(() => true),
        () => false,
      ),
    );
  }

  async stopNats(wipe: boolean): Promise<void> {
    const gone = new Promise((done) => this.#nats?.once('exit', done));
    this.#nats?.kill('SIGKILL');
    await gone;
    if (wipe) await rm(join(this.folder, 'nats'), { recursive: true, force: true });
  }

  async makeStreams(): Promise<void> {
    const manager = await jetstreamManager(this.nc);
    const { names } = this;
    await manager.streams.add({
      name: names.assignmentsStream,
      subjects: [names.assignmentsSubjects],
      retention: RetentionPolicy.Workqueue,
    });
    await manager.streams.add({ name: names.resultsStream, subjects: [names.resultsSubjects] });
    for (const { runnerId } of this.#daemons) await this.#makeConsumer(runnerId);
  }

  /** As the control plane does when it hears of a runner. */
  async #makeConsumer(runnerId: string): Promise<void> {
    const { names } = this;
    await (
      await jetstreamManager(this.nc)
    ).consumers.add(names.assignmentsStream, {
      durable_name: names.assignmentsConsumer(runnerId),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(4_000),
      filter_subject: names.assignment(runnerId),
    });
  }

  /** How many assignments are not acknowledged. */
  async pending(): Promise<number> {
    return (await (await jetstreamManager(this.nc)).streams.info(this.names.assignmentsStream)).state.messages;
  }

  /** Stores one card as the step's only file and its spec; `source` is a whole card file. */
  async spec(source: string, overrides: Partial<StepSpec> = {}, outputs = [{ name: 'out', type: 'json' }]): Promise<string> {
    const { sha256 } = await this.store.put(Buffer.from(source));
    const spec: StepSpec = {
      v: 1,
      pipelineId: 'pipeline',
      nodeId: 'node',
      card: { cardType: 'probe', path: 'cards/probe.py', className: 'Probe', outputs, outputViewType: 'metrics' },
      files: [{ path: 'cards/probe.py', sha256 }],
      config: {},
      inputs: {},
      artifacts: [],
      timeoutSeconds: 300,
      memoryBytes: 1024 ** 3,
      seed: 1,
      ...overrides,
    };
    return (await this.store.put(Buffer.from(JSON.stringify(spec)))).sha256;
  }

  async publish(specHash: string, overrides: Partial<Assignment> = {}, runner?: Daemon): Promise<string> {
    this.#count += 1;
    const attemptId = `attempt-${this.#count}`;
    const assignment: Assignment = {
      v: 1,
      attemptId,
      runId: 'run',
      projectId: 'project',
      nodeId: 'node',
      attempt: 1,
      need: { pool: 'cpu', gpus: 0 },
      specHash,
      ...overrides,
    };
    const alive = this.#daemons.findLast(({ child }) => child.exitCode === null && child.signalCode === null);
    const runnerId = (runner ?? alive ?? this.#daemons.at(-1))?.runnerId ?? '';
    await jetstream(this.nc).publish(this.names.assignment(runnerId), JSON.stringify(assignment), {
      msgID: assignment.attemptId,
    });
    return assignment.attemptId;
  }

  /** Resolves with the daemon's answer: the card is gone. */
  async cancel(daemon: Daemon, attemptId: string): Promise<void> {
    await this.nc.request(this.names.cancel(daemon.runnerId), JSON.stringify({ v: 1, attemptId }), { timeout: 60_000 });
  }

  /** Part of the log of an attempt that is executed; empty before. */
  logRange(daemon: Daemon, attemptId: string, offset: number, maxBytes: number): Promise<Msg> {
    const request: LogRequest = { v: 1, attemptId, offset, maxBytes };
    return this.nc.request(this.names.log(daemon.runnerId), JSON.stringify(request), { timeout: 60_000 });
  }

  result(attemptId: string, ms = 120_000): Promise<AttemptResult> {
    return until(`the result of ${attemptId}`, () => this.results.find((result) => result.attemptId === attemptId), ms);
  }

  /** Runs one card to its end. */
  async run(source: string, overrides: Partial<StepSpec> = {}): Promise<AttemptResult> {
    return this.result(await this.publish(await this.spec(source, overrides)));
  }

  async logOf(result: AttemptResult): Promise<string> {
    return result.log === undefined ? '' : Buffer.from(await this.store.readAll(result.log.sha256, 128 * 1024 ** 2)).toString('utf8');
  }

  async startDaemon(environment: Record<string, string> = {}, prefix: string[] = []): Promise<Daemon> {
    const workspace = environment['ENSEMBLE_RUNNER_DIR'] ?? join(this.folder, 'runner');
    await mkdir(workspace, { recursive: true });
    const [command, ...args] = [...prefix, process.execPath, join(import.meta.dirname, '..', 'main.ts')];
    const child = spawn(command ?? '', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        ENSEMBLE_NATS_URL: `nats://127.0.0.1:${this.#port}`,
        ENSEMBLE_BUS_PREFIX: 'bench',
        ENSEMBLE_ARTIFACTS_DIR: join(this.folder, 'artifacts'),
        ENSEMBLE_RUNNER_DIR: workspace,
        ENSEMBLE_CARD_PYTHON: CARD_PYTHON,
        ENSEMBLE_SDK_DIR: SDK_DIR,
        ENSEMBLE_RUNNER_SLOTS: '2',
        ENSEMBLE_RUNNER_NAME: 'bench',
        // What is kept warm is the matter of those who ask for it.
        ENSEMBLE_WARM_LEVEL: 'container',
        SECRET_OF_THE_DAEMON: 'hunter2',
        ...environment,
      },
    });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('utf8')));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
    const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
    const daemon: Daemon = { child, runnerId: '', isolation: '', stderr: () => errors, exited };
    this.#daemons.push(daemon);
    const line = await until('the daemon to be ready', () => {
      if (child.exitCode !== null) throw new Error(`the daemon ended: ${errors}`);
      return output.includes('\n') && output.slice(0, output.indexOf('\n'));
    });
    const ready = JSON.parse(line) as { runnerId: string; isolation: string };
    await this.#makeConsumer(ready.runnerId);
    return Object.assign(daemon, ready);
  }

  async close(): Promise<void> {
    for (const { child, exited } of this.#daemons) {
      child.kill('SIGKILL');
      await exited;
    }
    await this.nc.close();
    await this.stopNats(true);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A card file whose `execute` has this body; `storage`, `config` and `inputs` are in scope. */
export const card = (body: string): string => `
from cards.base import BaseCard

class Probe(BaseCard):
    card_type = "probe"
    display_name = "Probe"
    description = ""
    category = "data"
    execution_mode = "local"
    output_view_type = "metrics"
    config_schema = {}
    input_schema = {}
    output_schema = {"out": "json"}

    def execute(self, config, inputs, storage):
${body
  .trim()
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}

    def get_output_preview(self, outputs, storage):
        return {"value": 1}
`;

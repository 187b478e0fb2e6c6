/**
 * The daemon's side of the conversation with the control plane: pulls assignments for free slots, waits until they have room, keeps them held,
 * asks before executing, sends results, answers cancels and log ranges, and reports once a second.
 * Decides nothing about steps and knows nothing of sandboxes.
 *
 * LINK-1 an attempt is executed only after the control plane answered "go".
 * LINK-2 an assignment is acknowledged only after its result was, or when it is not wanted.
 * LINK-3 an attempt that is delivered again while it is held here is not executed twice.
 */
import { jetstream, type Consumer, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  Assignment,
  ASSIGNMENT_ACK_WAIT_MS,
  busNames,
  CancelRequest,
  ClaimReply,
  HEARTBEAT_MS,
  LogRequest,
  MetricRequest,
  WatchRequest,
  type AttemptResult,
  type BusNames,
  type ClaimRequest,
  type RunnerHeartbeat,
  type StepNews,
  WarmRequest,
} from '@ensemble/protocol';
import type { Logger } from 'pino';
import { RunningAttempt, type AttemptPorts } from '../assignments/execute-attempt.ts';
import { trustKeyOf } from '../assignments/trust-key.ts';
import { ResourceGate, type Capacity } from '../assignments/resource-gate.ts';
import { storeLeftLogs } from '../workspace/log-file.ts';
import { LiveFrames } from './live-frames.ts';
import { openResultOutbox, type ResultOutbox } from './result-outbox.ts';

const CLAIM_TIMEOUT_MS = 2_000;
const CLAIM_RETRY_MS = 500;
const PUBLISH_TIMEOUT_MS = 5_000;
const PULL_MS = 5_000;
const PULL_RETRY_MS = 250;

export interface RunnerLinkOptions {
  nc: NatsConnection;
  prefix: string;
  runnerId: string;
  name: string;
  version: string;
  pools: string[];
  capacity: Capacity;
  /** What the machine is doing. */
  load(): RunnerHeartbeat['load'];
  outboxFolder: string;
  attemptPorts: Omit<AttemptPorts, 'claim' | 'onProgress' | 'runnerId' | 'gpus'>;
  logger: Logger;
}

interface Held {
  attempt: RunningAttempt;
  /** The newest delivery: only its reply subject still acknowledges. */
  message: JsMsg;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The client's own class has it, its interface does not. */
const replySubject = (message: JsMsg): string => ('reply' in message && typeof message.reply === 'string' ? message.reply : '');

export class RunnerLink {
  readonly #options: RunnerLinkOptions;
  readonly #names: BusNames;
  readonly #js: JetStreamClient;
  readonly #held = new Map<string, Held>();
  readonly #gate: ResourceGate;
  readonly #live: LiveFrames;
  readonly #startedAt = Date.now();
  #outbox: ResultOutbox | undefined;
  #timers: NodeJS.Timeout[] = [];
  #draining = false;

  constructor(options: RunnerLinkOptions) {
    this.#options = options;
    this.#names = busNames(options.prefix);
    this.#js = jetstream(options.nc, { timeout: PUBLISH_TIMEOUT_MS });
    this.#gate = new ResourceGate(options.capacity);
    this.#live = new LiveFrames(options.nc, this.#names, options.runnerId, (attemptId) => this.#held.get(attemptId)?.attempt);
  }

  /** Begins to serve. Settles when the bus knows of this runner. */
  async start(): Promise<void> {
    const { nc, runnerId, pools, capacity, outboxFolder, logger } = this.#options;
    this.#outbox = await openResultOutbox(
      outboxFolder,
      (result) => this.#publish(result),
      (result, error) => logger.warn({ err: error, attemptId: result.attemptId }, 'a result was not acknowledged; sending it again'),
    );
    await this.#outbox.resume();
    await this.#sendLeftLogs(this.#outbox);
    nc.subscribe(this.#names.cancel(runnerId), { callback: (error, message) => void (error === null && this.#onCancel(message)) });
    nc.subscribe(this.#names.log(runnerId), { callback: (error, message) => void (error === null && this.#onLog(message)) });
    nc.subscribe(this.#names.metrics(runnerId), { callback: (error, message) => void (error === null && this.#onMetrics(message)) });
    nc.subscribe(this.#names.watch(runnerId), {
      callback: (error, message) => {
        const request = error === null ? parse(WatchRequest, message.string()) : null;
        if (request !== null) this.#live.watch(request);
      },
    });
    for (const pool of pools) {
      nc.subscribe(this.#names.warm(pool), {
        callback: (error, message) => {
          if (error === null) void this.#onWarm(message);
          else logger.warn({ err: error }, 'the bus does not tell who will soon run cards: the first of them start slower');
        },
      });
    }
    this.#heartbeat();
    await nc.flush();
    this.#timers = [setInterval(() => this.#heartbeat(), HEARTBEAT_MS), setInterval(() => this.#keepHeld(), ASSIGNMENT_ACK_WAIT_MS / 4)];
    for (let slot = 0; slot < capacity.slots; slot += 1) void this.#serve(slot);
  }

  /** No new work; waits for what runs, then stops it so that it is tried again elsewhere. Settles when all results are out or kept. */
  async drain(patienceMs: number): Promise<void> {
    this.#draining = true;
    this.#heartbeat();
    const deadline = Date.now() + patienceMs;
    while (this.#held.size > 0 && Date.now() < deadline) await pause(20);
    await Promise.all([...this.#held.values()].map(({ attempt }) => attempt.stop('draining')));
    // Results that cannot be sent now stay on disk.
    const last = Date.now() + PUBLISH_TIMEOUT_MS;
    while (this.#held.size > 0 && Date.now() < last) await pause(20);
    this.#heartbeat();
    this.#timers.forEach(clearInterval);
    this.#live.stop();
    this.#outbox?.close();
  }

  #heartbeat(): void {
    const { nc, runnerId, name, version, pools, capacity, attemptPorts } = this.#options;
    const heartbeat: RunnerHeartbeat = {
      v: 1,
      runnerId,
      name,
      version,
      startedAt: this.#startedAt,
      pools,
      engines: [{ engine: attemptPorts.engine.name, isolation: attemptPorts.engine.isolation }],
      ...capacity,
      load: this.#options.load(),
      held: [...new Set([...this.#held.keys(), ...(this.#outbox?.pending() ?? [])])],
      draining: this.#draining,
    };
    if (!nc.isClosed()) nc.publish(this.#names.heartbeat(runnerId), JSON.stringify(heartbeat));
  }

  #keepHeld(): void {
    for (const { message } of this.#held.values()) message.working();
  }

  /** One slot: pull, execute, again. */
  async #serve(slot: number): Promise<void> {
    const { nc, logger, runnerId } = this.#options;
    let consumer: Consumer | undefined;
    while (!this.#draining && !nc.isClosed()) {
      try {
        consumer ??= await this.#js.consumers.get(this.#names.assignmentsStream, this.#names.assignmentsConsumer(runnerId));
        const message = await consumer.next({ expires: PULL_MS });
        if (message !== null) await this.#take(message, slot);
      } catch (error) {
        // The stream or consumer is missing until the control plane has heard of this runner and made it, or the bus is away.
        consumer = undefined;
        logger.debug({ err: error }, 'no assignment could be pulled; trying again');
        await pause(PULL_RETRY_MS);
      }
    }
  }

  async #take(message: JsMsg, slot: number): Promise<void> {
    const { logger, attemptPorts, runnerId } = this.#options;
    if (this.#draining) return message.nak();
    const assignment = parse(Assignment, message.string());
    if (assignment === null) {
      logger.error({ subject: message.subject }, 'an assignment that does not fit the protocol was dropped');
      return message.term('does not fit the protocol');
    }
    const { attemptId, runId, nodeId } = assignment;
    const already = this.#held.get(attemptId);
    if (already !== undefined) {
      already.message = message;
      return message.working();
    }
    const attempt = new RunningAttempt(assignment, slot, {
      ...attemptPorts,
      runnerId,
      gpus: () => lease.gpus,
      claim: () => this.#claim(attemptId, message),
      onProgress: (fraction, message) => this.#publishNews(assignment, fraction, message),
    });
    const held: Held = { attempt, message };
    this.#held.set(attemptId, held);
    const lease = await this.#gate.enter(assignment.need);
    this.#heartbeat();
    try {
      const result = await attempt.execute();
      if (result !== null) {
        await this.#outbox?.send(result);
        logger.info({ attemptId, runId, nodeId, outcome: result.outcome, error: result.error?.message }, 'attempt ended');
      }
      held.message.ack();
    } catch (error) {
      logger.warn({ err: error, attemptId }, 'the attempt was not executed; it is handed back');
      held.message.nak(CLAIM_RETRY_MS);
    } finally {
      lease.leave();
      this.#held.delete(attemptId);
      attempt.log.remove();
    }
  }

  async #claim(attemptId: string, message: JsMsg): Promise<boolean> {
    const { nc, runnerId, attemptPorts } = this.#options;
    const request: ClaimRequest = {
      v: 1,
      attemptId,
      runnerId,
      ackSubject: replySubject(message),
      isolation: attemptPorts.engine.isolation,
    };
    const reply = await nc.request(this.#names.claim(runnerId), JSON.stringify(request), { timeout: CLAIM_TIMEOUT_MS });
    return ClaimReply.parse(reply.json()).go;
  }

  /** What a daemon before this one was executing when it was killed: the log is all that is left of it. */
  async #sendLeftLogs(outbox: ResultOutbox): Promise<void> {
    const { attemptPorts, runnerId, logger } = this.#options;
    for (const { owner, log } of await storeLeftLogs(attemptPorts.logsFolder, attemptPorts.store)) {
      const message = 'the runner that executed it was killed; its log up to then is kept';
      logger.info({ ...owner, bytes: log.bytes }, 'the log of a killed attempt is kept');
      const result: AttemptResult = {
        v: 1,
        ...owner,
        runnerId,
        outcome: 'failed',
        error: { kind: 'infrastructure', message },
        outputs: [],
        log,
        isolation: attemptPorts.engine.isolation,
        durationMs: 0,
      };
      outbox.send(result).catch(() => undefined);
    }
  }

  async #publish(result: AttemptResult): Promise<void> {
    await this.#js.publish(this.#names.result(result.runnerId, result.runId), JSON.stringify(result), {
      msgID: `${result.attemptId}.result`,
    });
  }

  #publishNews({ attemptId, runId, nodeId }: Assignment, fraction: number, message: string): void {
    const news: StepNews = { kind: 'progress', attemptId, runId, nodeId, fraction, message };
    if (!this.#options.nc.isClosed()) this.#options.nc.publish(this.#names.news(runId), JSON.stringify(news));
  }

  async #onWarm(message: Msg): Promise<void> {
    const request = parse(WarmRequest, message.string());
    if (request === null || this.#draining) return;
    const { engine, environments } = this.#options.attemptPorts;
    const trustKey = trustKeyOf(request.projectId, request.starter);
    if (request.requirements === undefined) return engine.warm(trustKey);
    const lease = await environments.present(request.requirements).catch(() => null);
    if (lease === null) return;
    engine.warm(trustKey, lease.python);
    lease.release();
  }

  async #onCancel(message: Msg): Promise<void> {
    const request = parse(CancelRequest, message.string());
    if (request === null) return;
    await this.#held.get(request.attemptId)?.attempt.stop(request.handBack === true ? 'draining' : 'cancelled');
    message.respond('{}');
  }

  #onLog(message: Msg): void {
    const request = parse(LogRequest, message.string());
    const log = request === null ? undefined : this.#held.get(request.attemptId)?.attempt.log;
    if (request === null || log === undefined) return void message.respond('');
    const { offset, bytes } = log.range(request.offset, request.maxBytes);
    const about = headers();
    about.set('Log-Size', String(log.size));
    // Larger than asked for when the middle of a long log is gone.
    about.set('Log-Offset', String(offset));
    message.respond(bytes, { headers: about });
  }

  #onMetrics(message: Msg): void {
    const request = parse(MetricRequest, message.string());
    const metrics = request === null ? undefined : this.#held.get(request.attemptId)?.attempt.metrics;
    message.respond(request === null || metrics === undefined ? '' : JSON.stringify(metrics.view(request.points)));
  }
}

function parse<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } }, text: string): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

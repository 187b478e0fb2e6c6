/**
 * The bus on NATS JetStream. Keeps its connection, streams and consumers alive through restarts and wipes of the server;
 * decides nothing from what it carries. What comes in is parsed here and dropped, with a line in the log, when it does not fit.
 */
import { jetstream, type ConsumerMessages, type JetStreamClient, type JsMsg } from '@nats-io/jetstream';
import { type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  AttemptResult,
  busNames,
  ClaimRequest,
  EnvironmentLockRequest,
  EnvironmentNews,
  RunnerHeartbeat,
  StepNews,
  type BusNames,
  type CancelRequest,
  LiveMetrics,
  MetricView,
  WATCH_LEASE_MS,
  type LogRequest,
  type MetricRequest,
  type PrepareEnvironment,
  type WarmRequest,
  type WatchRequest,
} from '@ensemble/protocol';
import type { z } from 'zod';
import type { Logger } from '../logger.ts';
import type { AttemptWatcher, Bus, BusHandlers, EnvironmentHandlers, LogBytes } from './bus.ts';
import { connectForEver, type NatsAddress } from './nats-connection.ts';
import { ensureRunnerConsumer, ensureStreams, MAX_RESULTS_IN_FLIGHT, removeRunnerConsumer } from './nats-streams.ts';

/** A runner first asks a card's processes to end, then kills them: its answer takes a moment. */
const CANCEL_TIMEOUT_MS = 5_000;
const LOG_TIMEOUT_MS = 2_000;
const PREPARE_TIMEOUT_MS = 2_000;
const PUBLISH_TIMEOUT_MS = 5_000;
const RESULT_RETRY_MS = 500;
const REPAIR_RETRY_MS = 250;
const ATTEMPT_ID = /^[A-Za-z0-9_-]{1,64}$/;
const RUNNER_ID = /^[A-Za-z0-9_-]{1,64}$/;

export interface NatsBusOptions extends NatsAddress {
  prefix: string;
  logger: Logger;
}

/** Connects and checks the server; `start` begins delivery. Throws one sentence when the server cannot be used. */
export async function openNatsBus(options: NatsBusOptions): Promise<Bus> {
  const nc = await connectForEver(options, 'ensemble control plane');
  try {
    const names = busNames(options.prefix);
    await ensureStreams(nc, names, []);
    return new NatsBus(nc, names, options);
  } catch (error) {
    await nc.close();
    throw error;
  }
}

class NatsBus implements Bus {
  readonly #nc: NatsConnection;
  readonly #js: JetStreamClient;
  readonly #names: BusNames;
  /** Those whose queues are kept. */
  readonly #runners = new Set<string>();
  readonly #logger: Logger;
  #handlers: BusHandlers | undefined;
  #results: ConsumerMessages | undefined;
  #linked = true;
  #whole = false;
  #closing = false;
  #repairing: Promise<void> | undefined;
  #repairAgain = false;

  constructor(nc: NatsConnection, names: BusNames, options: NatsBusOptions) {
    this.#nc = nc;
    this.#js = jetstream(nc, { timeout: PUBLISH_TIMEOUT_MS });
    this.#names = names;
    this.#logger = options.logger;
  }

  async start(handlers: BusHandlers): Promise<void> {
    this.#handlers = handlers;
    void this.#watchConnection();
    this.#subscribe(this.#names.allHeartbeats, RunnerHeartbeat, (heartbeat, message) => {
      requireSender(message, this.#names.heartbeat(heartbeat.runnerId));
      handlers.onHeartbeat(heartbeat);
    });
    this.#subscribe(this.#names.allNews, StepNews, (news) => handlers.onNews(news));
    this.#subscribe(this.#names.allClaims, ClaimRequest, async (request, message) => {
      requireSender(message, this.#names.claim(request.runnerId));
      message.respond(JSON.stringify(await handlers.onClaim(request)));
    });
    await this.#repair();
  }

  serveEnvironments(handlers: EnvironmentHandlers): void {
    this.#subscribe(this.#names.environmentNews, EnvironmentNews, (news) => handlers.onNews(news));
    this.#subscribe(this.#names.environmentLock, EnvironmentLockRequest, async (request, message) => {
      message.respond(JSON.stringify(await handlers.onLockRequest(request)));
    });
  }

  async prepareEnvironment(request: PrepareEnvironment): Promise<boolean> {
    const asked = this.#nc.request(this.#names.prepareEnvironment, JSON.stringify(request), { timeout: PREPARE_TIMEOUT_MS });
    return await asked.then(
      () => true,
      () => false,
    );
  }

  async serveRunner(runnerId: string): Promise<void> {
    if (!RUNNER_ID.test(runnerId)) throw new Error(`"${runnerId.slice(0, 100)}" is no id of a runner.`);
    this.#runners.add(runnerId);
    await ensureRunnerConsumer(this.#nc, this.#names, runnerId);
  }

  async forgetRunner(runnerId: string): Promise<void> {
    if (this.#runners.delete(runnerId)) await removeRunnerConsumer(this.#nc, this.#names, runnerId);
  }

  async publishAssignment(...[runnerId, messageId, assignment]: Parameters<Bus['publishAssignment']>): Promise<void> {
    const subject = this.#names.assignment(runnerId);
    const publish = () => this.#js.publish(subject, JSON.stringify(assignment), { msgID: messageId });
    try {
      await publish();
    } catch (error) {
      // The stream may be gone with the server's directory. Without a connection the caller hears of it: `onConnected` follows.
      if (!this.#linked) throw error;
      this.#whole = false;
      await within(PUBLISH_TIMEOUT_MS, this.#repair());
      await publish();
    }
  }

  warm(pool: string, request: WarmRequest): void {
    if (this.#linked && !this.#nc.isClosed()) this.#nc.publish(this.#names.warm(pool), JSON.stringify(request));
  }

  async endDelivery(ackSubject: string): Promise<void> {
    // The subject was told by a runner: nothing but acknowledgements of our own stream may be published on its word.
    const parts = ackSubject.split('.');
    if (parts[0] !== '$JS' || parts[1] !== 'ACK' || !parts.includes(this.#names.assignmentsStream) || /[\s*>]/.test(ackSubject)) {
      throw new Error(`"${ackSubject.slice(0, 200)}" is no acknowledgement subject of ${this.#names.assignmentsStream}.`);
    }
    await this.#nc.request(ackSubject, '+TERM', { timeout: PUBLISH_TIMEOUT_MS });
  }

  async cancel(runnerId: string, attemptId: string, handBack = false): Promise<boolean> {
    const request: CancelRequest = { v: 1, attemptId, ...(handBack && { handBack }) };
    return (await this.#ask(runnerId, this.#names.cancel(runnerId), request, CANCEL_TIMEOUT_MS)) !== undefined;
  }

  async readLog(...[runnerId, attemptId, offset, maxBytes]: Parameters<Bus['readLog']>): ReturnType<Bus['readLog']> {
    const request: LogRequest = { v: 1, attemptId, offset, maxBytes };
    const reply = await this.#ask(runnerId, this.#names.log(runnerId), request, LOG_TIMEOUT_MS);
    return reply && logBytes(reply, offset);
  }

  async readMetrics(...[runnerId, attemptId, points]: Parameters<Bus['readMetrics']>): ReturnType<Bus['readMetrics']> {
    const request: MetricRequest = { v: 1, attemptId, points };
    const reply = await this.#ask(runnerId, this.#names.metrics(runnerId), request, LOG_TIMEOUT_MS);
    return reply && MetricView.safeParse(readJson(reply)).data;
  }

  watchAttempt(runnerId: string, attemptId: string, { onLog, onMetrics }: AttemptWatcher): { stop(): void } {
    if (!RUNNER_ID.test(runnerId) || !ATTEMPT_ID.test(attemptId)) return { stop: () => {} };
    const subscriptions = [
      onLog &&
        this.#nc.subscribe(this.#names.liveLog(runnerId, attemptId), {
          callback: (error, message) => {
            const bytes = error === null ? logBytes(message, NaN) : undefined;
            if (bytes) onLog(bytes);
          },
        }),
      onMetrics &&
        this.#nc.subscribe(this.#names.liveMetrics(runnerId, attemptId), {
          callback: (error, message) => {
            const metrics = error === null ? LiveMetrics.safeParse(readJson(message)).data : undefined;
            if (metrics) onMetrics(metrics);
          },
        }),
    ];
    const ask = (log: boolean, metrics: boolean): void => {
      const request: WatchRequest = { v: 1, attemptId, log, metrics };
      if (this.#linked && !this.#nc.isClosed()) this.#nc.publish(this.#names.watch(runnerId), JSON.stringify(request));
    };
    const renew = (): void => ask(onLog !== undefined, onMetrics !== undefined);
    renew();
    const timer = setInterval(renew, WATCH_LEASE_MS / 3);
    return {
      stop: () => {
        clearInterval(timer);
        for (const subscription of subscriptions) subscription?.unsubscribe();
        ask(false, false);
      },
    };
  }

  connected(): boolean {
    return this.#linked && this.#whole;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await this.#results?.close();
    await this.#nc.close();
  }

  /** Undefined when the runner is not there or does not answer in time. */
  async #ask(
    runnerId: string,
    subject: string,
    request: CancelRequest | LogRequest | MetricRequest,
    timeout: number,
  ): Promise<Msg | undefined> {
    if (!RUNNER_ID.test(runnerId)) return undefined;
    return await this.#nc.request(subject, JSON.stringify(request), { timeout }).catch(() => undefined);
  }

  #subscribe<T>(subject: string, schema: z.ZodType<T>, deliver: (value: T, message: Msg) => void | Promise<void>): void {
    const handle = async (message: Msg): Promise<void> => {
      try {
        await deliver(schema.parse(message.json()), message);
      } catch (error) {
        this.#logger.warn({ err: error, subject: message.subject }, 'a message from a runner was not used');
      }
    };
    this.#nc.subscribe(subject, { callback: (error, message) => void (error === null ? handle(message) : undefined) });
  }

  async #watchConnection(): Promise<void> {
    for await (const status of this.#nc.status()) {
      if (status.type === 'disconnect') {
        this.#linked = false;
        this.#whole = false;
      } else if (status.type === 'reconnect') {
        this.#linked = true;
        void this.#repair();
      }
    }
  }

  /** Makes streams and delivery whole again. Calls while one is under way have it look once more. */
  #repair(): Promise<void> {
    if (this.#repairing) {
      this.#repairAgain = true;
      return this.#repairing;
    }
    this.#repairing = this.#repairUntilWhole().finally(() => (this.#repairing = undefined));
    return this.#repairing;
  }

  async #repairUntilWhole(): Promise<void> {
    while (!this.#closing && !this.#nc.isClosed()) {
      this.#repairAgain = false;
      try {
        await ensureStreams(this.#nc, this.#names, this.#runners);
        await this.#consumeResults();
        if (this.#repairAgain) continue;
        this.#whole = true;
        this.#handlers?.onConnected();
        return;
      } catch (error) {
        this.#whole = false;
        this.#logger.warn({ err: error }, 'the streams on the message bus could not be checked; trying again');
        await new Promise((resolve) => setTimeout(resolve, REPAIR_RETRY_MS));
      }
    }
  }

  async #consumeResults(): Promise<void> {
    await this.#results?.close();
    const consumer = await this.#js.consumers.get(this.#names.resultsStream, this.#names.resultsConsumer);
    const messages = await consumer.consume({
      max_messages: MAX_RESULTS_IN_FLIGHT,
      callback: (message) => void this.#takeResult(message),
    });
    this.#results = messages;
    void this.#watchResults(messages);
  }

  /** A stream that was deleted under a living connection shows up here only. */
  async #watchResults(messages: ConsumerMessages): Promise<void> {
    for await (const { type } of messages.status()) {
      const gone = type === 'consumer_deleted' || type === 'consumer_not_found' || type === 'stream_not_found';
      if (gone && this.#results === messages && this.#linked) {
        this.#whole = false;
        void this.#repair();
        return;
      }
    }
  }

  async #takeResult(message: JsMsg): Promise<void> {
    const parsed = AttemptResult.safeParse(readJson(message));
    if (!parsed.success || message.subject !== this.#names.result(parsed.data.runnerId, parsed.data.runId)) {
      this.#logger.error({ err: parsed.error, subject: message.subject }, 'a result that does not fit the protocol was dropped');
      message.term('does not fit the protocol');
      return;
    }
    try {
      await this.#handlers?.onResult(parsed.data);
      message.ack();
    } catch (error) {
      this.#logger.warn({ err: error, attemptId: parsed.data.attemptId }, 'a result was not stored; it will be delivered again');
      message.nak(RESULT_RETRY_MS);
    }
  }
}

/** A login may publish on the subjects of its own runner only: a message that names another is forged. */
function requireSender(message: Msg, subject: string): void {
  if (message.subject !== subject) throw new Error(`The message names a runner other than the one of its subject.`);
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The message bus is not available.')), timeoutMs);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Undefined when it is no range of a log. `asked` is where it begins if the message does not say. */
function logBytes({ data, headers }: Msg, asked: number): LogBytes | undefined {
  const size = Number(headers?.get('Log-Size') || NaN);
  const offset = Number(headers?.get('Log-Offset') || asked);
  return Number.isSafeInteger(size) && Number.isSafeInteger(offset) ? { bytes: data, offset, size } : undefined;
}

function readJson(message: Pick<Msg, 'json'> | JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

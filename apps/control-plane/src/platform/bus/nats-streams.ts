/** The streams and consumers an installation needs on its NATS server. Makes what is missing, leaves the rest as it is. */
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { ASSIGNMENT_ACK_WAIT_MS, type BusNames } from '@ensemble/protocol';

/** An attempt published again within this time, say after a crash, is still the same message. */
const DUPLICATE_WINDOW_MS = 10 * 60_000;
const RESULT_ACK_WAIT_MS = 30_000;
/** Results that may be on their way into the database at once. */
export const MAX_RESULTS_IN_FLIGHT = 64;

const MINIMUM_SERVER = [2, 12] as const;

/** Throws for servers that lack what the streams rely on. */
export function requireServerVersion(nc: NatsConnection): void {
  const version = nc.info?.version ?? 'unknown';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM_SERVER[0] || (major === MINIMUM_SERVER[0] && minor >= MINIMUM_SERVER[1])) return;
  throw new Error(
    `The NATS server at ${nc.getServer()} has version ${version}, but Ensemble needs ${MINIMUM_SERVER.join('.')} or newer: ` +
      'upgrade it, or leave NATS_URL unset to use the embedded one.',
  );
}

const workQueue = (name: string, subjects: string): StreamConfig =>
  ({
    name,
    subjects: [subjects],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  }) as StreamConfig;

async function ensureStream(manager: JetStreamManager, config: StreamConfig): Promise<void> {
  // Adding a stream that exists with the same configuration is a no-op; with another one it is an error that `update` mends.
  await manager.streams.add(config).catch(() => manager.streams.update(config.name, config));
}

async function ensureConsumer(manager: JetStreamManager, stream: string, config: Partial<ConsumerConfig>): Promise<void> {
  await manager.consumers.add(stream, config);
}

/** Throws one sentence when the server has no JetStream. */
export async function ensureStreams(nc: NatsConnection, names: BusNames, runnerIds: Iterable<string>): Promise<void> {
  requireServerVersion(nc);
  const manager = await jetstreamManager(nc).catch((cause: unknown) => {
    throw new Error(`The NATS server at ${nc.getServer()} answers no JetStream request: start it with JetStream enabled ("-js").`, {
      cause,
    });
  });
  await ensureStream(manager, workQueue(names.assignmentsStream, names.assignmentsSubjects));
  await ensureStream(manager, workQueue(names.resultsStream, names.resultsSubjects));
  for (const runnerId of runnerIds) await addRunnerConsumer(manager, names, runnerId);
  await ensureConsumer(manager, names.resultsStream, {
    durable_name: names.resultsConsumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(RESULT_ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: MAX_RESULTS_IN_FLIGHT,
  });
}

/** The queue of one runner. */
export async function ensureRunnerConsumer(nc: NatsConnection, names: BusNames, runnerId: string): Promise<void> {
  await addRunnerConsumer(await jetstreamManager(nc), names, runnerId);
}

async function addRunnerConsumer(manager: JetStreamManager, names: BusNames, runnerId: string): Promise<void> {
  await ensureConsumer(manager, names.assignmentsStream, {
    durable_name: names.assignmentsConsumer(runnerId),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ASSIGNMENT_ACK_WAIT_MS),
    // Attempts are counted in the database; a limit here would leave messages behind that nobody gets.
    max_deliver: -1,
    max_ack_pending: 10_000,
    filter_subject: names.assignment(runnerId),
  });
}

/** What lies in it goes too. One that is not there is no error. */
export async function removeRunnerConsumer(nc: NatsConnection, names: BusNames, runnerId: string): Promise<void> {
  const manager = await jetstreamManager(nc);
  await manager.consumers.delete(names.assignmentsStream, names.assignmentsConsumer(runnerId)).catch(() => false);
  await manager.streams.purge(names.assignmentsStream, { filter: names.assignment(runnerId) });
}

/** What the login of one runner may do on the bus: its own queue, its own news, its own answers, and nothing of another runner. */
import { busNames } from '@ensemble/protocol';

export function runnerPermissions(prefix: string, runnerId: string): { publish: string[]; subscribe: string[] } {
  const names = busNames(prefix);
  const queue = `${names.assignmentsStream}.${names.assignmentsConsumer(runnerId)}`;
  return {
    publish: [
      '$JS.API.INFO',
      `$JS.API.STREAM.INFO.${names.assignmentsStream}`,
      `$JS.API.CONSUMER.INFO.${queue}`,
      `$JS.API.CONSUMER.MSG.NEXT.${queue}`,
      `$JS.ACK.${queue}.>`,
      names.resultsOf(runnerId),
      names.allNews,
      names.allLive(runnerId),
      names.heartbeat(runnerId),
      names.claim(runnerId),
      names.environmentLock,
      names.environmentNews,
    ],
    subscribe: [
      `${names.inbox(runnerId)}.>`,
      names.cancel(runnerId),
      names.log(runnerId),
      names.metrics(runnerId),
      names.watch(runnerId),
      names.prepareEnvironment,
      names.warm('*'),
    ],
  };
}

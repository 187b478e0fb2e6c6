/** What a runner and the control plane tell each other of environments. Carries; decides nothing and makes nothing. */
import type { NatsConnection } from '@nats-io/transport-node';
import { busNames, EnvironmentLockReply, PrepareEnvironment, type EnvironmentLockRequest, type EnvironmentNews } from '@ensemble/protocol';
import type { EnvironmentPorts, EnvironmentReport } from '../environments/environments.ts';

const LOCK_TIMEOUT_MS = 5_000;

export interface EnvironmentLinkOptions {
  nc: NatsConnection;
  prefix: string;
  runnerId: string;
}

/** The side of it that `Environments` asks and tells. */
export function environmentPorts({ nc, prefix, runnerId }: EnvironmentLinkOptions): Pick<EnvironmentPorts, 'lockOf' | 'tell'> {
  const names = busNames(prefix);
  return {
    async lockOf(question) {
      const request: EnvironmentLockRequest = { v: 1, ...question };
      const reply = await nc.request(names.environmentLock, JSON.stringify(request), { timeout: LOCK_TIMEOUT_MS }).catch(() => {
        throw new Error('the control plane did not say which versions its packages have');
      });
      return EnvironmentLockReply.parse(reply.json()).lockHash;
    },
    tell(report: EnvironmentReport) {
      const news: EnvironmentNews = { v: 1, runnerId, ...report };
      if (!nc.isClosed()) nc.publish(names.environmentNews, JSON.stringify(news));
    },
  };
}

/** Takes the wishes of the control plane; several runners share them out. */
export function servePreparation({ nc, prefix }: EnvironmentLinkOptions, prepare: (requirements: string[]) => void): void {
  const subject = busNames(prefix).prepareEnvironment;
  nc.subscribe(subject, {
    queue: subject,
    callback: (error, message) => {
      if (error !== null) return;
      let parsed;
      try {
        parsed = PrepareEnvironment.safeParse(message.json());
      } catch {
        return;
      }
      if (!parsed.success) return;
      message.respond('{}');
      prepare(parsed.data.requirements);
    },
  });
}

/** A connection to NATS that comes back by itself for ever. Knows no message. */
import { connect, type NatsConnection } from '@nats-io/transport-node';

const RETRY_MS = 250;

/** `url`: one or several `nats://user:password@host:port`, separated by commas. The first one's login is used for all. */
export async function connectToNats(
  url: string,
  inboxPrefix: string,
  name: string,
  onWaiting: (reason: string) => void,
): Promise<NatsConnection> {
  const parts = url.split(',').map((part) => new URL(part.includes('://') ? part : `nats://${part}`));
  const [first] = parts;
  const options = {
    name,
    inboxPrefix,
    servers: parts.map((part) => `${part.hostname}:${part.port || '4222'}`),
    ...(first?.username ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: 100,
    // A login that is refused during a restart of the server may be accepted after it.
    ignoreAuthErrorAbort: true,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 3_000,
  };
  for (let tries = 0; ; tries += 1) {
    try {
      return await connect(options);
    } catch (error) {
      if (tries % 20 === 0) onWaiting(error instanceof Error ? error.message : String(error));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** A connection to NATS that, once made, comes back by itself for ever. */
import { connect, type NatsConnection } from '@nats-io/transport-node';

const FIRST_CONNECT_MS = 10_000;
const RETRY_MS = 250;

export interface NatsAddress {
  /** One or several servers, comma-separated; `nats://user:password@host:port`, `tls://…`. */
  url: string;
}

/** Throws one sentence when no server answers within ten seconds. */
export async function connectForEver(address: NatsAddress, name: string): Promise<NatsConnection> {
  const urls = address.url.split(',').map((part) => new URL(part.includes('://') ? part : `nats://${part}`));
  const [first] = urls;
  const options = {
    name,
    servers: urls.map((url) => `${url.hostname}:${url.port || '4222'}`),
    ...(first?.username ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
    // Replies to the control plane have a prefix that runners may not listen to.
    inboxPrefix: '_INBOX_CONTROL_PLANE',
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreAuthErrorAbort: true,
    timeout: 3_000,
  };
  const deadline = Date.now() + FIRST_CONNECT_MS;
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      if (Date.now() < deadline && !/authorization/i.test(String(cause))) {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        continue;
      }
      throw new Error(
        `No NATS server could be reached at ${options.servers.join(', ')}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        { cause },
      );
    }
  }
}

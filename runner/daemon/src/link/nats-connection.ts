/** A connection to NATS that comes back by itself for ever. Knows no message. */
import { connect, nkeyAuthenticator, wsconnect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';

const RETRY_MS = 250;

export interface BusAddress {
  /** One or several `nats://user:password@host:port`, separated by commas; the first one's login is used for all. Or a WebSocket. */
  url: string;
  /** For a WebSocket: headers of its handshake, and the secret half of the key that is the login. */
  door?: { headers: Record<string, string>; seed: string };
}

export async function connectToNats(
  { url, door }: BusAddress,
  inboxPrefix: string,
  name: string,
  onWaiting: (reason: string) => void,
): Promise<NatsConnection> {
  const common = {
    name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RETRY_MS,
    reconnectJitter: 100,
    // A login that is refused during a restart of the server may be accepted after it.
    ignoreAuthErrorAbort: true,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 3_000,
  };
  const open = door ? () => throughDoor(url, door, common) : () => connect({ ...common, ...directly(url) });
  for (let tries = 0; ; tries += 1) {
    try {
      return await open();
    } catch (error) {
      if (tries % 20 === 0) onWaiting(error instanceof Error ? error.message : String(error));
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

function directly(url: string): NodeConnectionOptions {
  const parts = url.split(',').map((part) => new URL(part.includes('://') ? part : `nats://${part}`));
  const [first] = parts;
  return {
    servers: parts.map((part) => `${part.hostname}:${part.port || '4222'}`),
    ...(first?.username ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
  };
}

function throughDoor(url: string, { headers, seed }: NonNullable<BusAddress['door']>, common: object): Promise<NatsConnection> {
  return wsconnect({
    ...common,
    servers: [url],
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    // Servers of a cluster have no door of their own here.
    ignoreClusterUpdates: true,
    wsFactory: async () => {
      // Node's WebSocket takes headers; the standard, and so the type, has no place for them.
      const socket = Reflect.construct(WebSocket, [url, { headers }]) as WebSocket;
      return { socket, encrypted: url.startsWith('wss:') };
    },
  });
}

/**
 * Presence that cannot be forged: a connection speaks for one client id, its first one, and the server says who it is.
 * Ignores what else is in a state.
 */
import type { Connection } from '@hocuspocus/server';
import { MAX_AWARENESS_BYTES } from '@ensemble/protocol';
import { FrameReader, readAwarenessEntries } from './frame.ts';
import { Refusal } from './refusal.ts';
import type { VisitContext } from './visit.ts';

interface Presence {
  id: string;
  name: string;
  color: string;
}

interface Binding {
  clientId: number;
  gone: boolean;
}

export interface AwarenessGuard {
  /** Before the frame is decoded. `body` stands after the frame's type. Throws a Refusal. */
  inspect(connection: Connection<VisitContext>, frame: Uint8Array, body: FrameReader): void;
  /** Keeps only the connection's own state, stamped. */
  restrict(connection: Connection<VisitContext>, states: Map<number, unknown>, presence: Presence): void;
}

export function createAwarenessGuard(): AwarenessGuard {
  const bindings = new WeakMap<Connection, Binding>();

  /** Another person's client id is never taken over; one's own is, by the connection that replaces a dying one. */
  function mayBind(connection: Connection<VisitContext>, clientId: number): boolean {
    for (const other of connection.document.getConnections()) {
      if (other === connection || bindings.get(other)?.clientId !== clientId) continue;
      if (userIdOf(other) !== userIdOf(connection)) return false;
      connection.document.getClients(other).delete(clientId);
      bindings.delete(other);
    }
    return true;
  }

  return {
    inspect(connection, frame, body) {
      if (frame.byteLength > MAX_AWARENESS_BYTES) throw new Refusal('tooLarge');
      let entries: ReturnType<typeof readAwarenessEntries>;
      try {
        entries = readAwarenessEntries(body);
      } catch {
        throw new Refusal('invalid');
      }
      let binding = bindings.get(connection);
      for (const { clientId, clock, gone } of entries) {
        if (!binding && !gone && mayBind(connection, clientId)) bindings.set(connection, (binding = { clientId, gone }));
        // A first message with clock 0 and no state has nothing to take back.
        if (binding?.clientId === clientId) binding.gone = gone && clock > 0;
      }
    },

    restrict(connection, states, presence) {
      const binding = bindings.get(connection);
      for (const [clientId, state] of states) {
        if (clientId !== binding?.clientId || typeof state !== 'object' || state === null || Array.isArray(state)) states.delete(clientId);
        else Object.assign(state, { user: { ...presence } });
      }
      if (!binding) return;
      // Hocuspocus leaves out states that are null; without this one, nobody would learn that the person left.
      if (binding.gone) states.set(binding.clientId, null);
      // It notes only ids it never saw before as the connection's, so who came back would outlive their socket.
      else if (states.has(binding.clientId)) connection.document.getClients(connection).add(binding.clientId);
    },
  };
}

const userIdOf = (connection: Connection<VisitContext>): string => connection.context.visit.person.userId;

/** White names are read on all of them: a contrast of 4.5 at least. */
const COLORS = ['#e03131', '#c2255c', '#9c36b5', '#6741d9', '#3b5bdb', '#1971c2', '#0b7285', '#087f5b', '#277a37', '#c2410c'];

/** The same person has the same color everywhere. */
export function colorOf(userId: string): string {
  let hash = 0;
  for (const char of userId) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return COLORS[hash % COLORS.length]!;
}

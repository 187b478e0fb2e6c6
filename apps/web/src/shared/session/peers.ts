/**
 * Who else has a document open and what they show of themselves: one presence for all kinds of documents. Other people's
 * states come over the wire and are parsed; the server stamps who they are.
 */
import type { Awareness } from 'y-protocols/awareness';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';
import { onceAFrame } from './once-a-frame.ts';

interface Shown {
  user?: { id: string; name: string; color: string } | undefined;
}

export type PeerOf<State extends Shown> = Omit<State, 'user'> & { clientId: number; user: NonNullable<State['user']> };

export interface Peers<State extends Shown> {
  /** Other tabs, this one left out. */
  peers: ExternalStore<readonly PeerOf<State>[]>;
  /** Shares a part of what I do; sent at most 20 times a second. */
  share(news: Partial<Omit<State, 'user'>>): void;
  close(): void;
}

interface Schema<State> {
  safeParse(value: unknown): { success: true; data: State } | { success: false };
}

const SEND_EVERY_MS = 50;

export function openPeers<State extends Shown>(awareness: Awareness, schema: Schema<State>): Peers<State> {
  const read = (): PeerOf<State>[] => {
    const peers: PeerOf<State>[] = [];
    for (const [clientId, state] of awareness.getStates()) {
      if (clientId === awareness.clientID) continue;
      const parsed = schema.safeParse(state);
      if (parsed.success && parsed.data.user) peers.push({ ...parsed.data, user: parsed.data.user, clientId });
    }
    return peers.sort((a, b) => a.clientId - b.clientId);
  };
  const peers = createStore<readonly PeerOf<State>[]>(read());
  // Ten people who move their pointers are two hundred changes a second.
  const { ask, cancel } = onceAFrame(() => peers.set(read()));
  awareness.on('change', ask);

  let mine: Partial<Omit<State, 'user'>> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastSent = 0;
  const send = () => {
    timer = undefined;
    lastSent = Date.now();
    awareness.setLocalState({ ...awareness.getLocalState(), ...mine });
  };
  return {
    peers,
    share(news) {
      const next = { ...mine, ...news };
      // Saying the same again would wake everybody for nothing.
      if (JSON.stringify(next) === JSON.stringify(mine)) return;
      mine = next;
      timer ??= setTimeout(send, Math.max(0, lastSent + SEND_EVERY_MS - Date.now()));
    },
    close() {
      clearTimeout(timer);
      awareness.off('change', ask);
      cancel();
    },
  };
}

/** Where nothing is shared: an old run, or a document that is not open yet. */
export const nobody = <State extends Shown>(): Peers<State> => ({
  peers: createStore<readonly PeerOf<State>[]>([]),
  share: () => undefined,
  close: () => undefined,
});

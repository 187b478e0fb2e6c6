/**
 * Who is here and what they do, from the awareness of the pipeline document. Other people's states
 * come over the wire and are parsed; the server stamps who they are.
 */
import { PipelineAwareness } from '@ensemble/protocol';
import { createContext, useContext } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';
import { onceAFrame } from './once-a-frame.ts';
import { useOpened } from './use-opened.ts';
import { useStore } from './use-store.ts';

export interface Peer extends Omit<PipelineAwareness, 'user'> {
  clientId: number;
  user: NonNullable<PipelineAwareness['user']>;
}

type MyPresence = Pick<PipelineAwareness, 'cursor' | 'selection' | 'drag' | 'editing'>;

export interface Presence {
  /** Other tabs, this one left out. */
  peers: ExternalStore<readonly Peer[]>;
  /** Shares a part of what I do; sent at most 20 times a second. */
  share(news: Partial<MyPresence>): void;
  close(): void;
}

const SEND_EVERY_MS = 50;

function openPresence(awareness: Awareness): Presence {
  const read = (): Peer[] => {
    const peers: Peer[] = [];
    for (const [clientId, state] of awareness.getStates()) {
      if (clientId === awareness.clientID) continue;
      const parsed = PipelineAwareness.safeParse(state);
      if (parsed.success && parsed.data.user) peers.push({ ...parsed.data, user: parsed.data.user, clientId });
    }
    return peers.sort((a, b) => a.clientId - b.clientId);
  };
  const peers = createStore<readonly Peer[]>(read());
  // Ten people who move their pointers are two hundred changes a second.
  const { ask, cancel } = onceAFrame(() => peers.set(read()));
  awareness.on('change', ask);

  let mine: MyPresence = {};
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
      const next = { ...mine, ...withinLimits(news) };
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

/** Both lists together stay well below `MAX_AWARENESS_BYTES`: the server closes connections that send more. */
const MOST_ID_BYTES = 1_400;

/** Others see the first of very many selected or dragged nodes; the document tells them the rest at the end of the drag. */
function withinLimits({ selection, drag, ...rest }: Partial<MyPresence>): Partial<MyPresence> {
  return {
    ...rest,
    ...(selection === undefined ? {} : { selection: firstIds(selection) }),
    ...(drag === undefined ? {} : { drag: drag && { ...drag, ids: firstIds(drag.ids) } }),
  };
}

export function firstIds(ids: readonly string[]): string[] {
  const encoder = new TextEncoder();
  const first: string[] = [];
  let bytes = 0;
  for (const id of ids) {
    bytes += encoder.encode(JSON.stringify(id)).length + 1;
    if (bytes > MOST_ID_BYTES) break;
    first.push(id);
  }
  return first;
}

const NOBODY: Presence = { peers: createStore<readonly Peer[]>([]), share: () => undefined, close: () => undefined };
export const PresenceContext = createContext<Presence>(NOBODY);
export const usePresence = (): Presence => useContext(PresenceContext);
export const usePeers = (): readonly Peer[] => useStore(usePresence().peers);

export function useOpenPresence(awareness: Awareness | null | undefined): Presence {
  return useOpened(awareness ?? undefined, openPresence, closePresence) ?? NOBODY;
}

const closePresence = (presence: Presence) => presence.close();

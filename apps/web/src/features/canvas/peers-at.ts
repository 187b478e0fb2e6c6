import { createContext, useContext } from 'react';
import type { Peer, Presence } from '../../shared/session/presence.ts';
import { createStore } from '../../shared/session/external-store.ts';
import type { ExternalStore } from '../../shared/session/external-store.ts';
import { useOpened } from '../../shared/session/use-opened.ts';
import { useStore } from '../../shared/session/use-store.ts';

/** What a node shows of a person who has it selected. */
export interface PeerBadge {
  clientId: number;
  name: string;
  color: string;
  editing: boolean;
}

export interface PeersByNode {
  of(nodeId: string): ExternalStore<readonly PeerBadge[]>;
  close(): void;
}

const NOBODY: readonly PeerBadge[] = [];

/** One store per node, so that a moving cursor re-renders no card. */
function peersByNode(presence: Pick<Presence, 'peers'>): PeersByNode {
  const stores = new Map<string, ExternalStore<readonly PeerBadge[]>>();
  let shown = badgesByNode(presence.peers.get());
  const refresh = () => {
    shown = badgesByNode(presence.peers.get());
    for (const [nodeId, store] of stores) {
      const next = shown.get(nodeId) ?? NOBODY;
      if (JSON.stringify(next) !== JSON.stringify(store.get())) store.set(next);
    }
  };
  const close = presence.peers.subscribe(refresh);
  return {
    of(nodeId) {
      let store = stores.get(nodeId);
      if (!store) {
        store = createStore(shown.get(nodeId) ?? NOBODY);
        stores.set(nodeId, store);
      }
      return store;
    },
    close,
  };
}

function badgesByNode(peers: readonly Peer[]): Map<string, PeerBadge[]> {
  const byNode = new Map<string, PeerBadge[]>();
  for (const { clientId, user, selection, editing } of peers) {
    const ids = new Set(selection ?? []);
    if (editing) ids.add(editing.nodeId);
    for (const id of ids) {
      const badge = { clientId, name: user.name, color: user.color, editing: editing?.nodeId === id };
      const list = byNode.get(id);
      if (list) list.push(badge);
      else byNode.set(id, [badge]);
    }
  }
  return byNode;
}

const NOBODY_STORE = createStore(NOBODY);
const EMPTY: PeersByNode = { of: () => NOBODY_STORE, close: () => undefined };
export const PeersByNodeContext = createContext<PeersByNode>(EMPTY);
export const usePeersAt = (nodeId: string): readonly PeerBadge[] => useStore(useContext(PeersByNodeContext).of(nodeId));

const closePeers = (opened: PeersByNode) => opened.close();
export const usePeersByNode = (presence: Presence): PeersByNode | undefined =>
  useOpened<Presence, PeersByNode>(presence, peersByNode, closePeers);

/** Who is in a card file, and where: from the awareness of its document. */
import { CardAwareness } from '@ensemble/protocol';
import type { Awareness } from 'y-protocols/awareness';
import { nobody, openPeers } from './peers.ts';
import type { PeerOf, Peers } from './peers.ts';
import { useOpened } from './use-opened.ts';

export type CardPeer = PeerOf<CardAwareness>;
export type CardPresence = Peers<CardAwareness>;

const open = (awareness: Awareness): CardPresence => openPeers(awareness, CardAwareness);
const close = (presence: CardPresence) => presence.close();
const NOBODY_IN_CARD: CardPresence = nobody();

export function useOpenCardPresence(awareness: Awareness | null | undefined): CardPresence {
  return useOpened(awareness ?? undefined, open, close) ?? NOBODY_IN_CARD;
}

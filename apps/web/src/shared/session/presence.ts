/** Who is on this canvas and what they do, from the awareness of the pipeline document. */
import { PipelineAwareness } from '@ensemble/protocol';
import { createContext, useContext } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import { nobody, openPeers } from './peers.ts';
import type { PeerOf, Peers } from './peers.ts';
import { useOpened } from './use-opened.ts';
import { useStore } from './use-store.ts';

export type Peer = PeerOf<PipelineAwareness>;
export type Presence = Peers<PipelineAwareness>;

function openPresence(awareness: Awareness): Presence {
  const presence = openPeers(awareness, PipelineAwareness);
  return { ...presence, share: (news) => presence.share(withinLimits(news)) };
}

/** Both lists together stay well below `MAX_AWARENESS_BYTES`: the server closes connections that send more. */
const MOST_ID_BYTES = 1_400;

/** Others see the first of very many selected or dragged nodes; the document tells them the rest at the end of the drag. */
function withinLimits({ selection, drag, ...rest }: Parameters<Presence['share']>[0]): Parameters<Presence['share']>[0] {
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

const NOBODY: Presence = nobody();
export const PresenceContext = createContext<Presence>(NOBODY);
export const usePresence = (): Presence => useContext(PresenceContext);
export const usePeers = (): readonly Peer[] => useStore(usePresence().peers);

export function useOpenPresence(awareness: Awareness | null | undefined): Presence {
  return useOpened(awareness ?? undefined, openPresence, closePresence) ?? NOBODY;
}

const closePresence = (presence: Presence) => presence.close();

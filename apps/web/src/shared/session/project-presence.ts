/** Where in the project everybody is: on which canvas, or in which card file and at which line. */
import { ProjectAwareness } from '@ensemble/protocol';
import { createContext, useContext, useEffect } from 'react';
import type { Awareness } from 'y-protocols/awareness';
import { nobody, openPeers } from './peers.ts';
import type { PeerOf, Peers } from './peers.ts';
import { useOpened } from './use-opened.ts';
import { useStore } from './use-store.ts';

export type ProjectPeer = PeerOf<ProjectAwareness>;
type ProjectPresence = Peers<ProjectAwareness>;

const open = (awareness: Awareness): ProjectPresence => openPeers(awareness, ProjectAwareness);
const close = (presence: ProjectPresence) => presence.close();

const NOBODY: ProjectPresence = nobody();
export const ProjectPresenceContext = createContext<ProjectPresence>(NOBODY);
export const useProjectPeers = (): readonly ProjectPeer[] => useStore(useContext(ProjectPresenceContext).peers);

/** Tells the others where I am, for as long as I am there. */
export function useMyPlace(presence: ProjectPresence, at: NonNullable<ProjectAwareness['at']>): void {
  const key = JSON.stringify(at);
  useEffect(() => presence.share({ at: JSON.parse(key) as NonNullable<ProjectAwareness['at']> }), [presence, key]);
}

export function useOpenProjectPresence(awareness: Awareness | null | undefined): ProjectPresence {
  return useOpened(awareness ?? undefined, open, close) ?? NOBODY;
}

import { useEffect, useRef } from 'react';
import { api } from '../../shared/api/api.ts';

/** Runners let go of what nobody uses for minutes. */
const AGAIN_MS = 60_000;

/** Announces that the card will soon be run: when it is opened, and again while it is worked on. */
export function useWarmUp(projectId: string, cardId: string, mayRun: boolean, sourceHash: string): void {
  const last = useRef({ at: -Infinity, sourceHash });
  useEffect(() => {
    if (!mayRun || performance.now() - last.current.at < AGAIN_MS) return;
    last.current = { at: performance.now(), sourceHash };
    // Nothing depends on it: the first run is a little slower without.
    void api.warmUp(projectId, cardId).catch(() => undefined);
  }, [projectId, cardId, mayRun, sourceHash]);
}

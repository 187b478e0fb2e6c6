import { useEffect, useRef } from 'react';
import { api } from '../../shared/api/api.ts';

/** Runners let go of what nobody uses for minutes. */
const AGAIN_MS = 60_000;

/** Announces that cards will soon be run here: when a card is opened, and again while it is worked on. */
export function useWarmUp(projectId: string, mayRun: boolean, sourceHash: string): void {
  const last = useRef({ at: -Infinity, sourceHash });
  useEffect(() => {
    if (!mayRun || performance.now() - last.current.at < AGAIN_MS) return;
    last.current = { at: performance.now(), sourceHash };
    // Nothing depends on it: the first run is a little slower without.
    void api.warmUp(projectId).catch(() => undefined);
  }, [projectId, mayRun, sourceHash]);
}

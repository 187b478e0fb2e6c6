import { useCallback, useEffect, useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { useProjectPeers } from '../shared/session/project-presence.ts';
import { cardAddress } from '../shared/ui/card-address.ts';

export interface Following {
  userId: string | undefined;
  start(userId: string): void;
  stop(): void;
}

/** Follow mode: kept in the address, so that it survives the way into another file. */
export function useFollowedPerson(projectId: string, cardId: string): Following {
  const [params, setParams] = useSearchParams();
  const navigate = useNavigate();
  const peers = useProjectPeers();
  const userId = params.get('follow') ?? undefined;
  const places = peers.filter((peer) => peer.user.id === userId).map(({ at }) => (at && 'cardId' in at ? at.cardId : undefined));
  const elsewhere = places.length > 0 && !places.includes(cardId) ? places.find((place) => place !== undefined) : undefined;
  useEffect(() => {
    if (userId !== undefined && elsewhere !== undefined)
      void navigate(cardAddress(projectId, elsewhere, { follow: userId }), { replace: true });
  }, [userId, elsewhere, projectId, navigate]);
  const change = useCallback(
    (next: string | undefined) =>
      setParams(
        (before) => {
          if (next === undefined) before.delete('follow');
          else before.set('follow', next);
          return before;
        },
        { replace: true },
      ),
    [setParams],
  );
  const stop = useCallback(() => change(undefined), [change]);
  return useMemo(() => ({ userId, start: change, stop }), [userId, change, stop]);
}

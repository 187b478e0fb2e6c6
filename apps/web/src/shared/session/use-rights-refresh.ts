import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveDocument } from './live-document.ts';

/** When the server says that rights changed, what was read with the old ones is read again. */
export function useRightsRefresh(live: LiveDocument | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!live) return undefined;
    let seen = live.facts.get().accessChanges;
    return live.facts.subscribe(() => {
      const { accessChanges } = live.facts.get();
      if (accessChanges === seen) return;
      seen = accessChanges;
      void client.invalidateQueries();
    });
  }, [live, client]);
}

import type { ProjectFileDetail } from '@ensemble/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { filesKey } from '../../shared/api/data-queries.ts';
import { useUploads } from './uploads.ts';

/** Sends a file to the project; the list of its files is read again when it is stored. */
export function useUpload(projectId: string): (file: File) => Promise<ProjectFileDetail | undefined> {
  const client = useQueryClient();
  const start = useUploads((uploads) => uploads.start);
  const busy = useUploads((uploads) => uploads.items.some((item) => item.phase !== 'failed'));
  useEffect(() => {
    if (!busy) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [busy]);
  return useCallback(
    async (file) => {
      const stored = await start(projectId, file);
      if (stored) await client.invalidateQueries({ queryKey: filesKey(projectId) });
      return stored;
    },
    [start, projectId, client],
  );
}

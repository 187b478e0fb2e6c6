import type { ProjectImport } from '@ensemble/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { keys } from '../../shared/api/queries.ts';
import { isZip, type Dropped } from './dropped-files.ts';
import { packFolder, sendArchive, type Progress } from './send-archive.ts';

export type ImportState =
  | { at: 'waiting'; message?: string }
  | { at: 'working'; name: string; progress: Progress }
  | { at: 'done'; report: ProjectImport }
  | { at: 'failed'; name: string; error: unknown };

/** One import at a time, into a project or into a new one. */
export function useImport(projectId: string | undefined) {
  const client = useQueryClient();
  const [state, setState] = useState<ImportState>({ at: 'waiting' });
  const running = useRef<AbortController>(undefined);

  const start = async (dropped: Dropped): Promise<void> => {
    if (running.current) return;
    if (dropped.kind === 'neither') return setState({ at: 'waiting', message: dropped.message });
    const controller = new AbortController();
    running.current = controller;
    const name = dropped.kind === 'zip' ? dropped.file.name : dropped.name;
    const show = (progress: Progress) => setState({ at: 'working', name, progress });
    try {
      show({ phase: 'packing' });
      const archive = dropped.kind === 'zip' ? dropped.file : await packFolder(dropped.files);
      if (controller.signal.aborted) return;
      show({ phase: 'sending', share: 0 });
      const newName = isZip(name) ? name.slice(0, -'.zip'.length) : name;
      const report = await sendArchive(archive, projectId === undefined ? { newName } : { projectId }, controller.signal, show);
      setState({ at: 'done', report });
      await client.invalidateQueries({ queryKey: keys.projects });
      await client.invalidateQueries({ queryKey: keys.pipelines(report.projectId) });
    } catch (error) {
      setState(controller.signal.aborted ? { at: 'waiting' } : { at: 'failed', name, error });
    } finally {
      running.current = undefined;
    }
  };
  const reset = (): void => {
    running.current?.abort();
    setState({ at: 'waiting' });
  };
  return { state, start, reset };
}

/** Keeps the open pipeline informed of tables: those that runs left, and those in files of the project. */
import { isFileValue } from '@ensemble/cards';
import type { MadeTable, ProjectedGraph } from '@ensemble/pipeline';
import type { ProjectPipelineEntry } from '@ensemble/protocol';
import { useEffect, useMemo, useRef } from 'react';
import { useFiles } from '../api/data-queries.ts';
import { useMadeTables } from '../api/queries.ts';
import { fileTables } from './file-tables.ts';
import type { PipelineSession } from './pipeline-session.ts';

const NONE: readonly MadeTable[] = [];

export function useColumnSources(
  session: Pick<PipelineSession, 'watch'> | undefined,
  { pipelineId, projectId, latestRun }: { pipelineId: string; projectId: string; latestRun: ProjectPipelineEntry['latestRun'] },
): void {
  const watch = session?.watch;
  const made = useMadeTables(pipelineId, latestRun && `${latestRun.runId} ${latestRun.state}`).data ?? NONE;
  const { data, refetch } = useFiles(projectId);
  const files = useMemo(() => fileTables(data ?? []), [data]);
  useEffect(() => watch?.setColumnSources({ made, files }), [watch, made, files]);

  const asked = useRef(new Set<string>());
  useEffect(() => {
    if (!watch || data === undefined) return undefined;
    const listed = new Set(data.map(({ sha256 }) => sha256));
    // A colleague's file is in the document before it is in my list. Each is asked for once: it may be gone.
    const look = () => {
      const unknown = chosenFiles(watch.view.get().graph).filter((sha256) => !listed.has(sha256) && !asked.current.has(sha256));
      if (unknown.length === 0) return;
      for (const sha256 of unknown) asked.current.add(sha256);
      void refetch();
    };
    look();
    return watch.view.subscribe(look);
  }, [watch, data, refetch]);
}

const chosenFiles = ({ nodes }: Pick<ProjectedGraph, 'nodes'>): string[] =>
  nodes.flatMap(({ config }) => Object.values(config).flatMap((value) => (isFileValue(value) ? [value.$file] : [])));

import type { TableColumn } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { useFiles } from '../../shared/api/data-queries.ts';
import { artifactTable } from '../../shared/api/table-source.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView } from '../../shared/session/run-view.ts';
import { upstreamTables } from './upstream-tables.ts';

const AS_IT_CAME = { sort: [], filters: [] };

/** The columns that a field of this node may name, as far as they are known: from the shown run, else from the project file upstream. */
export function useUpstreamColumns(nodeId: string, port: string | undefined): readonly TableColumn[] {
  const { projectId } = usePipelineSession();
  const { graph } = useGraphView();
  const { runId, steps } = useRunView();
  const files = useFiles(projectId);
  const tables = upstreamTables(graph, nodeId, port);
  const made = tables.find((table) => table.kind === 'output' && steps.get(table.nodeId)?.state === 'succeeded');
  const output = made?.kind === 'output' ? made : undefined;
  const source = runId !== undefined && output ? artifactTable(runId, output.nodeId, output.port) : undefined;
  const head = useQuery({
    queryKey: source ? [...source.key, 'head'] : ['table', 'none'],
    queryFn: ({ signal }) => source!.window(AS_IT_CAME, 0, 1, signal),
    enabled: source !== undefined,
    staleTime: Infinity,
    retry: false,
  });
  if (source && head.data) return head.data.columns;
  for (const table of tables) {
    if (table.kind !== 'file') continue;
    const profile = files.data?.find((file) => file.sha256 === table.sha256)?.profile;
    if (profile?.table) return profile.table.columns;
  }
  return [];
}

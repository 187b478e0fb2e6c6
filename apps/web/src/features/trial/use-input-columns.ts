import type { KnownTable } from '@ensemble/pipeline';
import type { TrialChoice, TrialSetup } from '@ensemble/protocol';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { artifactTable } from '../../shared/api/table-source.ts';

const ALL = { sort: [], filters: [] };

/** The columns of the tables that a trial takes, by input port; an artifact never changes, so each is looked into once, also for its size. */
export function useInputColumns(inputs: TrialSetup['inputs'], chosen: ReadonlyMap<string, TrialChoice>): ReadonlyMap<string, KnownTable> {
  const taken = inputs.flatMap(({ name, chosen: suggested }) => {
    const choice = chosen.get(name) ?? suggested;
    return choice?.type === 'dataframe' ? [{ name, table: artifactTable(choice.runId, choice.nodeId, choice.key) }] : [];
  });
  const found = useQueries({
    queries: taken.map(({ table }) => ({
      queryKey: [...table.key, 'size'],
      queryFn: ({ signal }: { signal: AbortSignal }) => table.window(ALL, 0, 1, signal),
      staleTime: Infinity,
      retry: false,
    })),
  });
  const columns = JSON.stringify(found.map(({ data }, at) => (data ? [taken[at]!.name, data.columns] : null)));
  return useMemo(() => {
    const known = JSON.parse(columns) as ([string, KnownTable['columns']] | null)[];
    return new Map(known.flatMap((one) => (one ? [[one[0], { columns: one[1], certain: true }] as const] : [])));
  }, [columns]);
}

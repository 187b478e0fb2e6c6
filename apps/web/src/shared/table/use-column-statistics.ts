import type { ColumnStatistics, TableFilter } from '@ensemble/protocol';
import { useQueries } from '@tanstack/react-query';
import type { TableSource } from '../api/table-source.ts';

/** Few enough that the first ones are drawn soon, many enough that a wide table is not asked for hundreds of times. */
const BATCH = 4;

/** Statistics of the columns `first` to `last`, in batches as they come into view; by name, missing while they are computed. */
export function useColumnStatistics(
  source: TableSource,
  columns: readonly string[],
  filters: readonly TableFilter[],
  { first, last, mayStart }: { first: number; last: number; mayStart: boolean },
): ReadonlyMap<string, ColumnStatistics> {
  const from = Math.floor(first / BATCH);
  const to = Math.min(Math.floor(last / BATCH), Math.ceil(columns.length / BATCH) - 1);
  const batches = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) =>
    columns.slice((from + index) * BATCH, (from + index + 1) * BATCH),
  );
  const answers = useQueries({
    queries: batches.map((names) => ({
      queryKey: [...source.key, 'columns', filters, names],
      queryFn: ({ signal }: { signal: AbortSignal }) => source.statistics(names, filters, signal),
      staleTime: Infinity,
      enabled: mayStart,
    })),
  });
  return new Map(answers.flatMap(({ data }) => (data ? data.columns.map((column) => [column.name, column] as const) : [])));
}

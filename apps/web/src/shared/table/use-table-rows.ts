import type { TableCell, TableWindow } from '@ensemble/protocol';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { TableSource, TableView } from '../api/table-source.ts';

const PAGE_ROWS = 200;
/** A scrollbar passes many pages in a moment; only where it rests is read. */
const REST_MS = 80;

export interface TableRows {
  /** Columns and counts; what was read last is kept while another view of the table is read. */
  head: TableWindow | undefined;
  /** True while `head` belongs to the view before. */
  stale: boolean;
  error: unknown;
  retry(): void;
  /** Undefined while it is being read. */
  rowAt(index: number): readonly TableCell[] | undefined;
}

/** The rows from `first` to `last` of a table, read page by page as they come into view. */
export function useTableRows(source: TableSource, view: TableView, first: number, last: number): TableRows {
  const head = useQuery({
    queryKey: [...source.key, view, 0],
    queryFn: ({ signal }) => readPage(source, view, 0, signal),
    staleTime: Infinity,
    placeholderData: keepPreviousData,
  });
  const from = Math.max(1, Math.floor(first / PAGE_ROWS));
  const to = Math.max(from - 1, Math.floor(last / PAGE_ROWS));
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const pages = useQueries({
    queries: numbers.map((page) => ({
      queryKey: [...source.key, view, page],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        await new Promise((resolve) => setTimeout(resolve, REST_MS));
        signal.throwIfAborted();
        return readPage(source, view, page, signal);
      },
      staleTime: Infinity,
    })),
  });
  const failed = [head, ...pages].find((query) => query.isError);
  const stale = head.isPlaceholderData;
  return {
    head: head.data,
    stale,
    error: failed?.error,
    retry: () => void failed?.refetch(),
    rowAt(index) {
      const page = Math.floor(index / PAGE_ROWS);
      const rows = page === 0 ? (stale ? undefined : head.data) : pages[page - from]?.data;
      return rows?.rows[index - page * PAGE_ROWS];
    },
  };
}

/** One whole page: of a very wide table the server sends fewer rows than asked for, and is asked again. */
export async function readPage(
  source: Pick<TableSource, 'window'>,
  view: TableView,
  page: number,
  signal?: AbortSignal,
): Promise<TableWindow> {
  const offset = page * PAGE_ROWS;
  const answer = await source.window(view, offset, PAGE_ROWS, signal);
  const rows = [...answer.rows];
  const wanted = Math.min(PAGE_ROWS, answer.total - offset);
  while (rows.length < wanted) {
    const more = await source.window(view, offset + rows.length, wanted - rows.length, signal);
    if (more.rows.length === 0) break;
    rows.push(...more.rows);
  }
  return { ...answer, rows };
}

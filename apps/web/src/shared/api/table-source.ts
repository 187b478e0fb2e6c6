/** Where a table is read from, by windows and column statistics: an artifact of a step or a project file. */
import { ColumnStatisticsAnswer, TableWindow } from '@ensemble/protocol';
import type { TableFilter, TableSort } from '@ensemble/protocol';
import { client, read } from './api-client.ts';

export interface TableView {
  sort: readonly TableSort[];
  filters: readonly TableFilter[];
}

export interface TableSource {
  /** Tells tables apart in the cache. */
  key: readonly string[];
  /** A new signal ends a query nobody waits for any more. */
  window(view: TableView, offset: number, limit: number, signal?: AbortSignal): Promise<TableWindow>;
  statistics(columns: readonly string[], filters: readonly TableFilter[], signal?: AbortSignal): Promise<ColumnStatisticsAnswer>;
}

const OUTPUT = '/api/runs/{id}/steps/{nodeId}/tables/{key}';
const FILE = '/api/projects/{projectId}/files/{fileId}/table';

/** A list as a query parameter; an empty one is left out. */
const listText = (list: readonly object[]): string | undefined => (list.length > 0 ? JSON.stringify(list) : undefined);

export const windowQuery = ({ sort, filters }: TableView, offset: number, limit: number) => ({
  offset,
  limit,
  sort: listText(sort),
  filters: listText(filters),
});

const statisticsQuery = (columns: readonly string[], filters: readonly TableFilter[]) => ({
  columns: JSON.stringify(columns),
  filters: listText(filters),
});

export function artifactTable(runId: string, nodeId: string, key: string): TableSource {
  const path = { id: runId, nodeId, key };
  return {
    key: ['table', 'run', runId, nodeId, key],
    window: (view, offset, limit, signal) =>
      read(TableWindow, client.GET(OUTPUT, { params: { path, query: windowQuery(view, offset, limit) }, signal })),
    statistics: (columns, filters, signal) =>
      read(ColumnStatisticsAnswer, client.GET(`${OUTPUT}/columns`, { params: { path, query: statisticsQuery(columns, filters) }, signal })),
  };
}

export function fileTable(projectId: string, fileId: string): TableSource {
  const path = { projectId, fileId };
  return {
    key: ['table', 'file', projectId, fileId],
    window: (view, offset, limit, signal) =>
      read(TableWindow, client.GET(FILE, { params: { path, query: windowQuery(view, offset, limit) }, signal })),
    statistics: (columns, filters, signal) =>
      read(ColumnStatisticsAnswer, client.GET(`${FILE}/columns`, { params: { path, query: statisticsQuery(columns, filters) }, signal })),
  };
}

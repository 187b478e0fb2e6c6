/** Where a table is read from, by windows and column statistics: an artifact of a step or a project file. */
import { ColumnStatisticsAnswer, TableWindow } from '@ensemble/protocol';
import type { TableFilter, TableSort } from '@ensemble/protocol';
import { request } from './api-client.ts';

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

const id = encodeURIComponent;

/** Parameters of a window, in one fixed order; what is empty is left out. */
export function windowQuery({ sort, filters }: TableView, offset: number, limit: number): string {
  const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
  if (sort.length > 0) query.set('sort', JSON.stringify(sort));
  if (filters.length > 0) query.set('filters', JSON.stringify(filters));
  return query.toString();
}

function tableAt(path: string, key: readonly string[]): TableSource {
  return {
    key,
    window: (view, offset, limit, signal) => request('GET', `${path}?${windowQuery(view, offset, limit)}`, TableWindow, undefined, signal),
    statistics(columns, filters, signal) {
      const query = new URLSearchParams({ columns: JSON.stringify(columns) });
      if (filters.length > 0) query.set('filters', JSON.stringify(filters));
      return request('GET', `${path}/columns?${query}`, ColumnStatisticsAnswer, undefined, signal);
    },
  };
}

export const artifactTable = (runId: string, nodeId: string, key: string): TableSource =>
  tableAt(`/api/runs/${id(runId)}/steps/${id(nodeId)}/tables/${id(key)}`, ['table', 'run', runId, nodeId, key]);

export const fileTable = (projectId: string, fileId: string): TableSource =>
  tableAt(`/api/projects/${id(projectId)}/files/${id(fileId)}/table`, ['table', 'file', projectId, fileId]);

/** Statistics and histograms of columns: one pass for all figures, then one for each histogram. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnStatistics, ColumnStatisticsAnswer, ColumnStatisticsQuery, TableColumn, TableFilter } from '@ensemble/protocol';
import { MAX_STATISTICS_COLUMNS } from '@ensemble/protocol';
import { cellOf, cellSql, isFloat, isInteger } from './column-kind.ts';
import { openTable, type OpenTable } from './open-table.ts';
import { sqlName } from './sql-text.ts';
import { columnNamed, whereClause } from './where-clause.ts';

const BINS = 20;
const TOP_VALUES = 12;
/** Above this, the most frequent values say little and cost much. */
const MAX_COUNTED_VALUES = 50_000;
const SHOWN_CHARACTERS = 200;

export async function readStatistics(
  connection: DuckDBConnection,
  file: string,
  query: ColumnStatisticsQuery,
): Promise<ColumnStatisticsAnswer> {
  const table = await openTable(connection, file);
  const chosen = query.columns?.map((name) => columnNamed(table.columns, name)) ?? table.columns.slice(0, MAX_STATISTICS_COLUMNS);
  const where = whereClause(table.columns, query.filters);
  const figures = chosen.flatMap(figuresSql);
  const read = await connection.runAndReadAll(
    `SELECT ${['count(*)', ...figures].join(', ')} FROM ${table.source}${where.sql}`,
    where.values,
  );
  const values = read.getRowsJS()[0] ?? [];
  const rows = Number(values[0]);
  const columns: ColumnStatistics[] = [];
  for (const [index, column] of chosen.entries()) {
    const of = values.slice(1 + index * FIGURES, 1 + (index + 1) * FIGURES);
    const [filled, distinct, nans, min, max, mean, deviation, q25, q50, q75] = of;
    const statistics: ColumnStatistics = {
      ...column,
      nulls: rows - Number(filled),
      nans: Number(nans),
      // The estimate may exceed what is possible.
      distinct: Math.min(Number(distinct), Number(filled)),
      min: cellOf(min),
      max: cellOf(max),
      mean: cellOf(mean),
      standardDeviation: cellOf(deviation),
      quantiles: q50 === null ? null : { q25: cellOf(q25), q50: cellOf(q50), q75: cellOf(q75) },
      histogram: null,
    };
    columns.push({ ...statistics, histogram: await histogramOf(connection, table, query.filters, statistics, Number(filled)) });
  }
  return { rows, columns };
}

const FIGURES = 10;

/** What is ordered by number, and back: times are counted in microseconds. */
const measureSql = ({ name, kind }: TableColumn): string =>
  kind === 'time' ? `CAST(epoch_us(${sqlName(name)}) AS DOUBLE)` : `CAST(${sqlName(name)} AS DOUBLE)`;
const finiteSql = ({ name, type, kind }: TableColumn): string =>
  isFloat(type) || kind === 'time' ? `isfinite(${sqlName(name)})` : `${sqlName(name)} IS NOT NULL`;
const timeText = (micros: string, type: string): string =>
  `CAST(CAST(make_timestamp(CAST(${micros} AS BIGINT)) AS ${type === 'DATE' ? 'DATE' : 'TIMESTAMP'}) AS VARCHAR)`;

function figuresSql(column: TableColumn): string[] {
  const { name, type, kind } = column;
  const reference = sqlName(name);
  const counts = [`count(${reference})`, `approx_count_distinct(${reference})`, isFloat(type) ? `count_if(isnan(${reference}))` : '0'];
  const none = (how: number): string[] => Array.from({ length: how }, () => 'NULL');
  if (kind === 'nested') return [...counts, ...none(7)];
  if (kind === 'text' || kind === 'boolean') {
    return [
      ...counts,
      cellSql(`min(${reference})`, type, SHOWN_CHARACTERS),
      cellSql(`max(${reference})`, type, SHOWN_CHARACTERS),
      ...none(5),
    ];
  }
  const finite = `FILTER (WHERE ${finiteSql(column)})`;
  const ends = ['min', 'max'].map((end) => cellSql(`${end}(${reference}) ${finite}`, type));
  const measure = measureSql(column);
  // The same text three times is computed once.
  const quantiles = [1, 2, 3].map((place) => `(approx_quantile(${measure}, [0.25, 0.5, 0.75]) ${finite})[${place}]`);
  if (kind === 'time')
    return [...counts, ...ends, timeText(`avg(${measure}) ${finite}`, type), 'NULL', ...quantiles.map((sql) => timeText(sql, type))];
  // Squares of numbers beyond this do not fit a double.
  const spread = `stddev_samp(${measure}) FILTER (WHERE ${finiteSql(column)} AND abs(${measure}) < 1e150)`;
  return [...counts, ...ends, `avg(${measure}) ${finite}`, spread, ...quantiles];
}

async function histogramOf(
  connection: DuckDBConnection,
  table: OpenTable,
  filters: readonly TableFilter[] | undefined,
  statistics: ColumnStatistics,
  filled: number,
): Promise<ColumnStatistics['histogram']> {
  const { name, type, kind } = statistics;
  if (filled === 0 || kind === 'nested') return null;
  if (kind === 'number' || kind === 'time') return await binsOf(connection, table, filters, statistics);
  if (statistics.distinct > MAX_COUNTED_VALUES) return null;
  const where = whereClause(table.columns, filters, [`${sqlName(name)} IS NOT NULL`]);
  const counted = await connection.runAndReadAll(
    `SELECT ${cellSql('value', type, SHOWN_CHARACTERS)}, rows FROM (SELECT ${sqlName(name)} AS value, count(*) AS rows FROM ${table.source}${where.sql} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP_VALUES})`,
    where.values,
  );
  const values = counted.getRowsJS().map(([value, count]) => ({ value: cellOf(value), count: Number(count) }));
  return { kind: 'values', values, others: filled - values.reduce((sum, { count }) => sum + count, 0) };
}

async function binsOf(
  connection: DuckDBConnection,
  table: OpenTable,
  filters: readonly TableFilter[] | undefined,
  column: ColumnStatistics,
): Promise<ColumnStatistics['histogram']> {
  const measure = measureSql(column);
  const where = whereClause(table.columns, filters, [finiteSql(column)]);
  const ends = await connection.runAndReadAll(`SELECT min(${measure}), max(${measure}) FROM ${table.source}${where.sql}`, where.values);
  const [low, high] = (ends.getRowsJS()[0] ?? []).map((end) => (end === null ? Number.NaN : Number(end)));
  if (low === undefined || high === undefined || Number.isNaN(low)) return null;
  const bins = low === high ? 1 : isInteger(column.type) ? Math.min(BINS, high - low + 1) : BINS;
  // Divided first: the difference of two doubles may not be one.
  const width = high / bins - low / bins;
  const counts = new Map<number, number>();
  if (width > 0) {
    const binned = await connection.runAndReadAll(
      `SELECT greatest(0, least(${bins - 1}, CAST(floor(${measure} / $${where.values.length + 1}::DOUBLE - $${where.values.length + 2}::DOUBLE) AS BIGINT))) AS bin, count(*) FROM ${table.source}${where.sql} GROUP BY 1`,
      [...where.values, width, low / width],
    );
    for (const [bin, count] of binned.getRowsJS()) counts.set(Number(bin), Number(count));
  } else {
    const all = await connection.runAndReadAll(`SELECT count(*) FROM ${table.source}${where.sql}`, where.values);
    counts.set(0, Number(all.getRowsJS()[0]?.[0] ?? 0));
  }
  const edges = Array.from({ length: bins + 1 }, (_, edge) => (edge === bins ? high : low + width * edge));
  const shown = column.kind === 'time' ? edges.map((micros) => timeOf(micros, column.type)) : edges;
  return {
    kind: 'bins',
    bins: Array.from({ length: bins }, (_, bin) => ({ from: shown[bin] ?? null, to: shown[bin + 1] ?? null, count: counts.get(bin) ?? 0 })),
  };
}

function timeOf(micros: number, type: string): string | null {
  const date = new Date(micros / 1_000);
  if (Number.isNaN(date.getTime())) return null;
  const text = date
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, '');
  return type === 'DATE' ? text.slice(0, 10) : text;
}

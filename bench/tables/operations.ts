/** What people do to a table, asked three ways: of our engine, of DuckDB in the same process, of pandas in memory. */
import type { TableEngine } from '../../apps/control-plane/src/platform/duckdb/table-engine.ts';
import { TableWindowQuery } from '@ensemble/protocol';
import type { TableFilter } from '@ensemble/protocol';

export interface Operation {
  name: string;
  ours(engine: TableEngine): Promise<unknown>;
  /** `t` stands for the table. */
  duckdb: string[];
  /** `df` is the table, `np` numpy. */
  pandas: string;
}

interface Window {
  name: string;
  offset?: number;
  sort?: { column: string; descending?: boolean };
  filters?: TableFilter[];
  where?: string;
  pandas: string;
}

const PAGE = 100;

/** `table` is the Parquet file that `make-table.ts` led to. */
export function tableOperations(table: string, rows: number): Operation[] {
  const middle = Math.floor(rows / 2);
  const window = ({ name, offset = 0, sort, filters, where, pandas }: Window): Operation => ({
    name,
    ours: (engine) =>
      engine.window(
        table,
        TableWindowQuery.parse({
          limit: PAGE,
          offset,
          ...(sort && { sort: JSON.stringify([sort]) }),
          ...(filters && { filters: JSON.stringify(filters) }),
        }),
      ),
    duckdb: [
      ...(where === undefined ? [] : [`SELECT count(*) FROM t WHERE ${where}`]),
      `SELECT * FROM t ${where === undefined ? '' : `WHERE ${where}`} ${sort ? `ORDER BY ${sort.column} ${sort.descending ? 'DESC' : 'ASC'}` : ''} LIMIT ${PAGE} OFFSET ${offset}`,
    ],
    pandas,
  });
  const page = (of: string, offset = 0): string => `${of}.iloc[${offset}:${offset + PAGE}]`;
  const counted = (mask: string): string => `(lambda found: (len(found), ${page('found')}))(df[${mask}])`;
  const figures = 'count(x), min(x), max(x), avg(x), stddev_samp(x), approx_count_distinct(x), approx_quantile(x, [0.25, 0.5, 0.75])';

  return [
    window({ name: 'first page', pandas: page('df') }),
    window({ name: 'page in the middle', offset: middle, pandas: page('df', middle) }),
    window({
      name: 'filter on two columns, with total',
      filters: [
        { column: 'name', op: '=', value: 'name 5' },
        { column: 'x', op: '>', value: 0.5 },
      ],
      where: `name = 'name 5' AND x > 0.5`,
      pandas: counted("(df.name == 'name 5') & (df.x > 0.5)"),
    }),
    window({
      name: 'filter on part of a text, with total',
      filters: [{ column: 'note', op: 'contains', value: '777' }],
      where: `note ILIKE '%777%'`,
      pandas: counted("df.note.str.contains('777', case=False, regex=False, na=False)"),
    }),
    window({
      name: 'sort by a number, first page',
      sort: { column: 'x', descending: true },
      pandas: page("df.sort_values('x', ascending=False)"),
    }),
    window({
      name: 'sort by a number, page in the middle',
      sort: { column: 'x', descending: true },
      offset: middle,
      pandas: page("df.sort_values('x', ascending=False)", middle),
    }),
    window({ name: 'sort by a text, first page', sort: { column: 'note' }, pandas: page("df.sort_values('note')") }),
    {
      name: 'statistics and histogram of one column',
      ours: (engine) => engine.statistics(table, { columns: ['x'] }),
      duckdb: [`SELECT ${figures} FROM t`, 'SELECT floor(x * 20), count(*) FROM t GROUP BY 1'],
      pandas: '(df.x.describe(), df.x.nunique(), np.histogram(df.x, 20))',
    },
    {
      name: 'statistics of all ten columns',
      ours: (engine) => engine.statistics(table, {}),
      duckdb: ['SUMMARIZE t'],
      pandas: "df.describe(include='all')",
    },
  ];
}

/** Own data and tables over HTTP: uploads, project files, windows over tables and statistics of their columns. */
import { z } from 'zod';
import { Sha256 } from '../step-state.ts';

export const MAX_UPLOAD_BYTES = 2 * 1024 ** 3;
/** Largest body of one PUT of an upload. */
export const MAX_CHUNK_BYTES = 8 * 1024 ** 2;
export const MAX_WINDOW_ROWS = 500;

/**
 * One value of a table as people read it. Numbers that JSON cannot carry are `{"$number": "NaN"}` (see `wire-json.ts`: decode
 * with `decodeWire`); whole numbers beyond 2^53, decimals, times, nested values and bytes are text. Long text ends with "…".
 */
export const TableCell = z.union([z.null(), z.boolean(), z.number(), z.string(), z.object({ $number: z.string() })]);
export type TableCell = z.infer<typeof TableCell>;

/** How a column behaves: `number` has a mean and bins, `time` has an order and bins, the rest are counted by value. */
export const ColumnKind = z.enum(['number', 'text', 'boolean', 'time', 'nested']);
export type ColumnKind = z.infer<typeof ColumnKind>;

/** `type` is the name DuckDB has for it, such as `BIGINT`, `DOUBLE`, `VARCHAR`, `TIMESTAMP`, `INTEGER[]`. */
export const TableColumn = z.object({ name: z.string(), type: z.string(), kind: ColumnKind });
export type TableColumn = z.infer<typeof TableColumn>;

/**
 * Item of GET /api/pipelines/:id/columns: the columns of one output, from the newest run in which its node succeeded.
 * They hold as long as the live node has the same `lineage`.
 */
export const OutputColumns = z.object({ nodeId: z.string(), port: z.string(), lineage: z.string(), columns: z.array(TableColumn) });
export type OutputColumns = z.infer<typeof OutputColumns>;

export const FileFormat = z.enum(['csv', 'tsv', 'json', 'jsonl', 'parquet', 'xlsx', 'other']);
export type FileFormat = z.infer<typeof FileFormat>;

/** What is in a file. `table` is null for a file that is no table, with `note` saying why in one sentence. */
export const FileProfile = z.object({
  format: FileFormat,
  table: z.object({ rows: z.number().int(), columns: z.array(TableColumn) }).nullable(),
  note: z.string().nullable(),
});
export type FileProfile = z.infer<typeof FileProfile>;

/** A project file as lists show it; `{"$file": sha256, name}` in a config field uses it. */
export const ProjectFileDetail = z.object({
  id: z.string(),
  sha256: Sha256,
  name: z.string(),
  bytes: z.number().int(),
  /** Null for a file sent without a profile (by the command line); its table can be read all the same. */
  profile: FileProfile.nullable(),
  createdAt: z.number(),
});
export type ProjectFileDetail = z.infer<typeof ProjectFileDetail>;

/** PATCH /api/projects/:projectId/files/:fileId. DELETE hides the file: old runs keep its bytes. */
export const RenameFileBody = z.object({ name: z.string() });

/** POST /api/projects/:projectId/uploads begins; the answer is the `Upload` at offset 0. */
export const CreateUploadBody = z.object({ name: z.string(), bytes: z.number().int().nonnegative() });
export type CreateUploadBody = z.infer<typeof CreateUploadBody>;

/**
 * GET /api/projects/:projectId/uploads/:uploadId tells where to go on. PUT …/:uploadId?offset=N (body: at most
 * MAX_CHUNK_BYTES raw bytes, content type application/octet-stream) answers the same with the new offset; a PUT with
 * another offset than the present one is a 409 and changes nothing. DELETE gives it up. An upload is forgotten after a day.
 */
export const Upload = z.object({ id: z.string(), name: z.string(), bytes: z.number().int(), offset: z.number().int() });
export type Upload = z.infer<typeof Upload>;

/**
 * POST …/uploads/:uploadId/finish answers 201 with the `ProjectFileDetail`. Give `sha256` to have the bytes compared.
 * A file that does not read as what its name says answers 422 and is not stored.
 */
export const FinishUploadBody = z.object({ sha256: Sha256.optional() });
export type FinishUploadBody = z.infer<typeof FinishUploadBody>;

/** A query parameter that is JSON text. */
const jsonText = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .max(20_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'This is no JSON.' });
        return z.NEVER;
      }
    })
    .pipe(schema);

export const TableSort = z.object({ column: z.string(), descending: z.boolean().default(false) });
export type TableSort = z.input<typeof TableSort>;

/** `contains` and `startsWith` ignore case and work on the text of any column; `value` is a number or text for the others. */
export const TableFilter = z.discriminatedUnion('op', [
  z.object({
    column: z.string(),
    op: z.enum(['=', '!=', '<', '<=', '>', '>=']),
    value: z.union([z.string().max(2_000), z.number(), z.boolean()]),
  }),
  z.object({ column: z.string(), op: z.enum(['contains', 'startsWith']), value: z.string().max(2_000) }),
  z.object({ column: z.string(), op: z.enum(['isNull', 'isNotNull', 'isNaN']) }),
]);
export type TableFilter = z.infer<typeof TableFilter>;

/**
 * Query of GET /api/runs/:id/steps/:nodeId/tables/:key and GET /api/projects/:projectId/files/:fileId/table.
 * `sort` and `filters` are JSON text. Closing the connection (fetch with a signal) stops the query.
 */
export const TableWindowQuery = z.object({
  offset: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(MAX_WINDOW_ROWS).default(100),
  sort: jsonText(z.array(TableSort).max(4)).optional(),
  filters: jsonText(z.array(TableFilter).max(20)).optional(),
});
export type TableWindowQuery = z.infer<typeof TableWindowQuery>;

export const TableWindow = z.object({
  columns: z.array(TableColumn),
  /** One array per row, in the order of `columns`. Of a very wide table fewer rows than asked for may come. */
  rows: z.array(z.array(TableCell)),
  offset: z.number().int(),
  /** Rows that pass the filters, and rows there are. */
  total: z.number().int(),
  totalUnfiltered: z.number().int(),
});
export type TableWindow = z.infer<typeof TableWindow>;

/** Columns of which statistics are computed at once. */
export const MAX_STATISTICS_COLUMNS = 40;

/** Query of GET …/tables/:key/columns and …/files/:fileId/table/columns. Without `columns` the first ones. */
export const ColumnStatisticsQuery = z.object({
  columns: jsonText(z.array(z.string()).max(MAX_STATISTICS_COLUMNS)).optional(),
  filters: jsonText(z.array(TableFilter).max(20)).optional(),
});
export type ColumnStatisticsQuery = z.infer<typeof ColumnStatisticsQuery>;

export const ColumnHistogram = z.discriminatedUnion('kind', [
  /** Bins of equal width over the finite values; `from` ≤ value < `to`, the last one includes `to`. Times are text. */
  z.object({ kind: z.literal('bins'), bins: z.array(z.object({ from: TableCell, to: TableCell, count: z.number().int() })) }),
  /** The most frequent values; `others` counts the rows with any other one. */
  z.object({
    kind: z.literal('values'),
    values: z.array(z.object({ value: TableCell, count: z.number().int() })),
    others: z.number().int(),
  }),
]);
export type ColumnHistogram = z.infer<typeof ColumnHistogram>;

export const ColumnStatistics = TableColumn.extend({
  nulls: z.number().int(),
  /** NaN values of a number column. NaN and infinities are left out of min, max, mean, quantiles and bins. */
  nans: z.number().int(),
  /** Approximate, within a few per cent. */
  distinct: z.number().int(),
  min: TableCell,
  max: TableCell,
  mean: TableCell,
  standardDeviation: TableCell,
  quantiles: z.object({ q25: TableCell, q50: TableCell, q75: TableCell }).nullable(),
  histogram: ColumnHistogram.nullable(),
});
export type ColumnStatistics = z.infer<typeof ColumnStatistics>;

export const ColumnStatisticsAnswer = z.object({ rows: z.number().int(), columns: z.array(ColumnStatistics) });
export type ColumnStatisticsAnswer = z.infer<typeof ColumnStatisticsAnswer>;

/**
 * Recognises which of the accepted shapes a card's preview has. Input is decoded wire JSON: it comes from
 * strangers' code, so everything is checked and anything unknown becomes the JSON view with a reason.
 * Knows nothing of how shapes are drawn.
 */
import type { WireValue } from '@ensemble/protocol';

export interface TableShape {
  title?: string;
  columns: { name: string; type?: string }[];
  rows: WireValue[][];
  /** Of the whole table; `rows` are the first of them. */
  totalRows?: number;
}

/** A square of numbers over labels, such as a confusion matrix: rows are the actual, columns the predicted class. */
export interface MatrixShape {
  title: string;
  labels: string[];
  rows: number[][];
}

/** A Vega or Vega-Lite specification, with nothing in it that addresses another place or the embedding page. */
export type ChartSpec = { [key: string]: WireValue };

export interface FactGroup {
  title?: string;
  facts: { name: string; value: WireValue }[];
}

export type PreviewShape =
  | { kind: 'tables'; tables: TableShape[]; notes: { name: string; value: WireValue }[] }
  | {
      kind: 'metrics';
      tiles: { name: string; value: number | string | boolean | null }[];
      groups: FactGroup[];
      tables: TableShape[];
      matrices: MatrixShape[];
      charts: ChartSpec[];
      chartRef?: string;
    }
  | { kind: 'model'; modelType: string; groups: FactGroup[] }
  | { kind: 'text'; text: string }
  /** `reference` names an artifact of the step; which ones exist is not known here. */
  | { kind: 'image'; source: string }
  | { kind: 'image-artifact'; reference: string }
  | { kind: 'chart'; spec: ChartSpec }
  | { kind: 'html'; html: string }
  | { kind: 'json'; value: WireValue; warning?: string };

type Dict = { [key: string]: WireValue };
const isDict = (value: WireValue | undefined): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: WireValue): value is number | string | boolean | null => typeof value !== 'object' || value === null;
const numberIn = (value: WireValue | undefined): number | undefined => (typeof value === 'number' ? value : undefined);

/** `view` is the card's `output_view_type`. */
export function readPreview(view: string, value: WireValue): PreviewShape {
  const reading = READERS.get(view)?.(value);
  if (reading) return reading;
  const warning = READERS.has(view) ? `This preview does not have the shape of a ${view} preview.` : `There is no view named “${view}”.`;
  return { kind: 'json', value, warning };
}

const READERS: ReadonlyMap<string, (value: WireValue) => PreviewShape | undefined> = new Map<
  string,
  (value: WireValue) => PreviewShape | undefined
>([
  ['table', readTables],
  ['metrics', readMetrics],
  ['model_summary', readModel],
  ['text', readText],
  ['image', readImage],
  ['chart', readChart],
  ['html', readHtml],
  ['json', (value) => ({ kind: 'json', value })],
]);

function readTables(value: WireValue): PreviewShape | undefined {
  if (!isDict(value)) return undefined;
  const single = readTable(value);
  if (single) return { kind: 'tables', tables: [single], notes: [] };
  const tables: TableShape[] = [];
  const notes: { name: string; value: WireValue }[] = [];
  for (const [name, part] of Object.entries(value)) {
    const table = isDict(part) ? readTable(part) : undefined;
    if (table) tables.push({ ...table, title: name });
    else notes.push({ name, value: part });
  }
  return tables.length > 0 ? { kind: 'tables', tables, notes } : undefined;
}

function readTable(value: Dict): TableShape | undefined {
  const { rows } = value;
  if (!Array.isArray(rows)) return undefined;
  const columns = readColumns(value['columns'], rows);
  const shape = value['shape'];
  const totalRows = numberIn(value['total_rows']) ?? numberIn(value['row_count']) ?? (isDict(shape) ? numberIn(shape['rows']) : undefined);
  const cells = rows.map((row) => {
    if (Array.isArray(row)) return row;
    return isDict(row) ? columns.map((column) => (Object.hasOwn(row, column.name) ? row[column.name]! : null)) : [row];
  });
  return { columns, rows: cells, ...(totalRows === undefined ? {} : { totalRows }) };
}

function readColumns(columns: WireValue | undefined, rows: WireValue[]): TableShape['columns'] {
  if (Array.isArray(columns)) {
    return columns.map((column, index) => {
      if (!isDict(column)) return { name: typeof column === 'string' ? column : isScalar(column) ? String(column) : `column ${index + 1}` };
      const type = column['dtype'];
      const name = column['name'];
      return {
        name: typeof name === 'string' || typeof name === 'number' ? String(name) : `column ${index + 1}`,
        ...(typeof type === 'string' ? { type } : {}),
      };
    });
  }
  const names = new Set<string>();
  let width = 0;
  for (const row of rows) {
    if (isDict(row)) for (const name of Object.keys(row)) names.add(name);
    else if (Array.isArray(row)) width = Math.max(width, row.length);
    else width = Math.max(width, 1);
  }
  if (names.size > 0) return [...names].map((name) => ({ name }));
  return Array.from({ length: width }, (_, index) => ({ name: `column ${index + 1}` }));
}

function readMetrics(value: WireValue): PreviewShape | undefined {
  if (!isDict(value)) return undefined;
  const { metrics, chart_ref: chartRef, ...rest } = value;
  const shape = { kind: 'metrics' as const, tiles: [], groups: [], tables: [], matrices: [], charts: [] } as Extract<
    PreviewShape,
    { kind: 'metrics' }
  >;
  const sort = (name: string, item: WireValue) => {
    if (isScalar(item)) return void shape.tiles.push({ name, value: item });
    const matrix = isDict(item) ? readMatrix(name, item) : undefined;
    if (matrix) return void shape.matrices.push(matrix);
    const spec = specIn(item);
    if (spec && isDict(item) && typeof item['$schema'] === 'string') return void shape.charts.push(spec);
    const table = isDict(item) ? readTable(item) : undefined;
    if (table) shape.tables.push({ ...table, title: name });
    else shape.groups.push({ title: name, facts: factsOf(item) });
  };
  if (isDict(metrics)) for (const [name, item] of Object.entries(metrics)) sort(name, item);
  else if (metrics !== undefined) sort('metrics', metrics);
  for (const [name, item] of Object.entries(rest)) sort(name, item);
  return { ...shape, ...(typeof chartRef === 'string' ? { chartRef } : {}) };
}

const MAX_MATRIX_LABELS = 200;

function readMatrix(title: string, { labels, rows }: Dict): MatrixShape | undefined {
  if (!Array.isArray(labels) || !Array.isArray(rows) || labels.length === 0 || labels.length > MAX_MATRIX_LABELS) return undefined;
  if (!labels.every(isScalar) || rows.length !== labels.length) return undefined;
  const square = rows.map((row) =>
    Array.isArray(row) && row.length === labels.length ? row.filter((cell) => typeof cell === 'number') : [],
  );
  if (square.some((row) => row.length !== labels.length)) return undefined;
  return { title, labels: labels.map(String), rows: square };
}

function readModel(value: WireValue): PreviewShape | undefined {
  if (!isDict(value)) return undefined;
  const { model_type: modelType, ...rest } = value;
  const plain: FactGroup = { facts: [] };
  const groups: FactGroup[] = [];
  for (const [name, item] of Object.entries(rest)) {
    if (isDict(item)) groups.push({ title: name, facts: factsOf(item) });
    else plain.facts.push({ name, value: item });
  }
  return {
    kind: 'model',
    modelType: typeof modelType === 'string' ? modelType : 'Model',
    groups: plain.facts.length > 0 ? [plain, ...groups] : groups,
  };
}

function factsOf(value: WireValue): FactGroup['facts'] {
  if (Array.isArray(value)) return value.map((item, index) => ({ name: String(index + 1), value: item }));
  return isDict(value) ? Object.entries(value).map(([name, item]) => ({ name, value: item })) : [{ name: 'value', value }];
}

function readText(value: WireValue): PreviewShape | undefined {
  if (typeof value === 'string') return { kind: 'text', text: value };
  return isDict(value) && typeof value['text'] === 'string' ? { kind: 'text', text: value['text'] } : undefined;
}

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;
const DATA_URL = /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/\s]+={0,2}\s*$/;
const BITMAP_FILE = /^[^:]{1,500}\.(png|jpe?g|gif|webp)$/i;

/** Bitmaps only: an SVG may carry script. */
function readImage(value: WireValue): PreviewShape | undefined {
  const named = isDict(value) ? (value['image_ref'] ?? value['chart_ref'] ?? value['ref']) : undefined;
  const text = named ?? (isDict(value) ? (value['image'] ?? value['image_base64'] ?? value['base64'] ?? value['data']) : value);
  if (typeof text !== 'string' || text === '') return undefined;
  if (DATA_URL.test(text)) return { kind: 'image', source: text };
  if (BITMAP_FILE.test(text) || named !== undefined) return { kind: 'image-artifact', reference: text };
  if (!BASE64.test(text)) return undefined;
  const type = text.startsWith('/9j/') ? 'jpeg' : text.startsWith('R0lGOD') ? 'gif' : text.startsWith('UklGR') ? 'webp' : 'png';
  return { kind: 'image', source: `data:image/${type};base64,${text}` };
}

const CHART_PARTS = ['mark', 'marks', 'layer', 'hconcat', 'vconcat', 'concat', 'facet', 'repeat', 'encoding'];

/** The specification itself, or one under `spec` or `chart`. */
function specIn(value: WireValue): ChartSpec | undefined {
  if (!isDict(value)) return undefined;
  if (!CHART_PARTS.some((part) => Object.hasOwn(value, part))) {
    const inner = value['spec'] ?? value['chart'];
    return isDict(inner) ? specIn(inner) : undefined;
  }
  // `usermeta` would let a card set the options of the embedding itself.
  const { usermeta: _usermeta, ...spec } = value;
  return spec;
}

function readChart(value: WireValue): PreviewShape | undefined {
  const spec = specIn(value);
  return spec ? { kind: 'chart', spec } : readImage(value);
}

function readHtml(value: WireValue): PreviewShape | undefined {
  const html = isDict(value) ? value['html'] : value;
  return typeof html === 'string' ? { kind: 'html', html } : undefined;
}

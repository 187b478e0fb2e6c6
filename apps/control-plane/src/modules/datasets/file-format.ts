/** What a file is, by the end of its name. Pure; the bytes have the last word elsewhere. */
import type { FileFormat } from '@ensemble/protocol';

const BY_ENDING: Record<string, FileFormat> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  pq: 'parquet',
  xlsx: 'xlsx',
};

export const formatOf = (name: string): FileFormat => BY_ENDING[/\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? ''] ?? 'other';

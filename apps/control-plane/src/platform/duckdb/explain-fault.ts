/** What DuckDB says about a file or a query, as one sentence for people. Paths and hints about DuckDB's options never pass. */
import { TableError } from './table-task.ts';

/** `reading`: what is being read, such as “CSV”. */
export function explainFault(error: unknown, reading: string): TableError {
  if (error instanceof TableError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/^INTERRUPT/i.test(text)) return new TableError('cancelled', 'The query was stopped.');
  if (/^Out of Memory|failed to offload|max_temp_directory_size/i.test(text)) {
    return new TableError(
      'too-heavy',
      'This takes more memory than a table may have here: filter more, sort by fewer columns, or split the file.',
    );
  }
  return new TableError('unreadable', sentenceOf(text, reading));
}

function sentenceOf(text: string, reading: string): string {
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  const at = line === undefined ? '' : ` at line ${line}`;
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (counts) return `The ${reading} is broken${at}: the first line has ${counts[1]} columns, this one has ${counts[2]}.`;
  if (/unterminated quote/i.test(text)) return `The ${reading} is broken${at}: a quote is opened and never closed.`;
  if (/Maximum line size|line size exceeds/i.test(text))
    return `The ${reading} is broken${at}: the line is longer than 2 MB. Is a quote missing?`;
  if (/unicode|not utf-8|encoded/i.test(text)) return `The text is not UTF-8${at}: save the file as UTF-8.`;
  const json = /Malformed JSON.*?, at byte (\d+) in record\/value (\d+): (.*?)[.\s]*(\n|$)/.exec(text);
  if (json) return `The JSON is broken in record ${json[2]}, at byte ${json[1]} of it: ${json[3]}.`;
  if (/maximum_object_size|object size/i.test(text)) return 'The JSON has a record of more than 16 MB; at most that much is read.';
  if (/magic bytes|Snappy|decompress|Parquet|TProtocol|thrift|page|metadata/i.test(text))
    return 'The Parquet file is damaged or incomplete: write it again, then send it again.';
  return `The file could not be read as ${reading}${at}. Is it complete, and of the type that its name says?`;
}

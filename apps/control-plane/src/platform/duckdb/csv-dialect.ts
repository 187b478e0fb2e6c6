/**
 * How the text of a table is to be read: encoding, separator, number of columns, all from its beginning. Pure. Types and the
 * rest of the file are DuckDB's.
 */
export interface CsvDialect {
  /** As DuckDB names it. */
  encoding: 'utf-8' | 'utf-16' | 'latin-1';
  separator: string;
  columns: number;
}

const SEPARATORS = [',', ';', '\t', '|'];

/** `head`: the first bytes of the file. Undefined when they are no text. */
export function csvDialect(head: Uint8Array, encoding: CsvDialect['encoding'], separator?: string): CsvDialect | undefined {
  const text = new TextDecoder(
    encoding === 'latin-1' ? 'latin1' : encoding === 'utf-16' && head[0] === 0xfe ? 'utf-16be' : encoding,
  ).decode(head);
  if (text.includes('\0')) return undefined;
  const counted = (separator === undefined ? SEPARATORS : [separator]).map((candidate) => ({
    separator: candidate,
    columns: columnsOfFirstRecord(text, candidate),
  }));
  const best = counted.toSorted((a, b) => b.columns - a.columns)[0];
  return best && { encoding, ...best };
}

/** UTF-16 tells itself by its first two bytes; everything else is taken for UTF-8 until a byte says otherwise. */
export const encodingOf = (head: Uint8Array): CsvDialect['encoding'] =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) ? 'utf-16' : 'utf-8';

function columnsOfFirstRecord(text: string, separator: string): number {
  let columns = 1;
  let quoted = false;
  for (const char of text.replace(/^[\uFEFF\r\n]+/, '')) {
    if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === separator) columns += 1;
    else if (char === '\n' || char === '\r') break;
  }
  return columns;
}

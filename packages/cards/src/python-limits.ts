/**
 * Refuses source that is too large or too deeply nested to be read safely, before a real parser
 * sees it. Knows only enough Python to skip strings and comments.
 *
 * Both parsers recurse; the WebAssembly one does not recover from running out of its own stack.
 * The limits are those of CPython where it has one (200 brackets, 100 indentation levels) and far
 * above any card otherwise.
 */
const MAX_SOURCE_CHARACTERS = 262_144;
const MAX_BRACKETS = 150;
const MAX_INDENTATION = 100;
/** Tokens between two commas, summed over the brackets that are open: a bound of the tree's depth. */
const MAX_CHAIN = 1_000;
/** Signs inside one `{…}` of an f-string, whose inside this scan does not follow. */
const MAX_FIELD_SIGNS = 300;

export interface Excess {
  /** UTF-16 offset into the source. */
  offset: number;
  code: 'card/too-large' | 'card/too-complex';
  message: string;
}

const TOKEN = /[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/uy;
const STRING_START = /([a-zA-Z]{0,3})("""|'''|"|')/y;

export function findExcess(source: string): Excess | undefined {
  if (source.length > MAX_SOURCE_CHARACTERS) {
    const message = `The file has ${source.length} characters and a card may have ${MAX_SOURCE_CHARACTERS}; move its data into a project file.`;
    return { offset: 0, code: 'card/too-large', message };
  }
  const complex = (offset: number, what: string): Excess => ({ offset, code: 'card/too-complex', message: what });
  const closed: number[] = [];
  let chain = 0;
  let sum = 0;
  let indents: number[] = [0];
  let position = 0;
  let lineStart = true;
  while (position < source.length) {
    if (lineStart && closed.length === 0) {
      const width = indentationAt(source, position);
      if (width !== undefined) {
        while ((indents.at(-1) ?? 0) > width) indents.pop();
        if (width > (indents.at(-1) ?? 0)) indents.push(width);
        if (indents.length > MAX_INDENTATION)
          return complex(position, `The code is indented more than ${MAX_INDENTATION} levels deep; split it into functions.`);
      }
    }
    lineStart = false;
    const character = source[position] ?? '';
    if (character === '\n') {
      if (closed.length === 0) {
        sum -= chain;
        chain = 0;
      }
      lineStart = true;
      position += 1;
    } else if (character === '\\' && source[position + 1] === '\n') {
      position += 2;
    } else if (character === '#') {
      const end = source.indexOf('\n', position);
      position = end < 0 ? source.length : end;
    } else if (/\s/.test(character)) {
      position += 1;
    } else {
      STRING_START.lastIndex = position;
      const string = STRING_START.exec(source);
      const end = string === null ? tokenEnd(source, position) : stringEnd(source, position, string);
      if (end < 0) return complex(position, `This f-string holds too long an expression; compute it before the string.`);
      position = end;
      if (string === null && character === ',') {
        sum -= chain;
        chain = 0;
        continue;
      }
      if (string === null && ')]}'.includes(character)) {
        sum -= chain;
        chain = closed.pop() ?? 0;
      }
      chain += 1;
      sum += 1;
      if (string === null && '([{'.includes(character)) {
        closed.push(chain);
        chain = 0;
        if (closed.length > MAX_BRACKETS)
          return complex(position, `More than ${MAX_BRACKETS} brackets are open here; build the value in steps.`);
      }
      if (sum > MAX_CHAIN)
        return complex(
          position,
          `This expression is longer than ${MAX_CHAIN} parts; build the value in steps, or use one triple-quoted string.`,
        );
    }
  }
  return undefined;
}

/** Columns of white space before the first sign of a line, or undefined for a blank line or a comment. */
function indentationAt(source: string, start: number): number | undefined {
  let width = 0;
  for (let index = start; index < source.length; index += 1) {
    const character = source[index];
    if (character === ' ') width += 1;
    else if (character === '\t') width += 8 - (width % 8);
    else if (character === '\f') width = 0;
    else return character === '\n' || character === '#' ? undefined : width;
  }
  return undefined;
}

function tokenEnd(source: string, position: number): number {
  TOKEN.lastIndex = position;
  return TOKEN.test(source) ? TOKEN.lastIndex : position + 1;
}

/** Where the string ends, or -1 when it is an f-string with too much inside one field. */
function stringEnd(source: string, start: number, [opening, prefix = '', quote = '']: RegExpExecArray): number {
  const formatted = /[ft]/i.test(prefix);
  let depth = 0;
  let signs = 0;
  let index = start + opening.length;
  for (; index < source.length; index += 1) {
    const character = source[index] ?? '';
    if (source.startsWith(quote, index)) return index + quote.length;
    if (character === '\\') index += 1;
    else if (character === '\n' && quote.length === 1) return index;
    else if (formatted && depth === 0 && source.startsWith('{{', index)) index += 1;
    else if (formatted && character === '{') depth += 1;
    else if (formatted && character === '}') {
      depth = Math.max(0, depth - 1);
      if (depth === 0) signs = 0;
    }
    if (depth > 0 && /[^\w\s]/.test(character)) signs += 1;
    if (signs > MAX_FIELD_SIGNS || depth > 30) return -1;
  }
  return index;
}

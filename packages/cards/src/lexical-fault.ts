/**
 * Where brackets or strings of a Python text do not close, or its indentation fits no line above, as
 * CPython's tokenizer says it. Knows no grammar: what stands between the brackets is the parser's business.
 *
 * A parser notices a missing bracket only lines later, at the first word that does not fit; CPython
 * names the bracket, and so do we.
 */
import { Indentation } from './indentation.ts';

export interface LexicalFault {
  /** A bracket that is `open` at the end of the file is blamed by what follows; the others end the reading where they stand. */
  kind: 'open' | 'closing' | 'string' | 'indentation';
  /** UTF-16 offset of the bracket, the quote, or the first sign of the line. */
  offset: number;
  message: string;
}

const SIGN = /\n|#[^\n]*|\\[^]|"""|'''|["'()[\]{}]/g;
const STRING_SIGN: Record<string, RegExp> = {
  '"': /\\[^]|"|\n/g,
  "'": /\\[^]|'|\n/g,
  '"""': /\\[^]|"""/g,
  "'''": /\\[^]|'''/g,
};
const CLOSES: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

export function findLexicalFault(source: string): LexicalFault | undefined {
  const open: { sign: string; offset: number }[] = [];
  const indentation = new Indentation();
  const odd = indentation.enter(source, 0);
  if (odd !== undefined) return { kind: 'indentation', ...odd };
  SIGN.lastIndex = 0;
  for (let found = SIGN.exec(source); found !== null; found = SIGN.exec(source)) {
    const { 0: sign, index: offset } = found;
    if (sign === '\n') {
      const wrong = open.length === 0 ? indentation.enter(source, offset + 1) : undefined;
      if (wrong !== undefined) return { kind: 'indentation', ...wrong };
    } else if (sign.endsWith('"') || sign.endsWith("'")) {
      if (sign.startsWith('\\') || sign.startsWith('#')) continue;
      const end = stringEnd(source, offset, sign);
      if (end === undefined) return { kind: 'string', offset, message: `the string that begins here with ${sign} never ends` };
      SIGN.lastIndex = end;
    } else if ('([{'.includes(sign)) {
      open.push({ sign, offset });
    } else if (sign in CLOSES) {
      const opening = open.pop();
      if (opening === undefined) return { kind: 'closing', offset, message: `${sign} closes nothing` };
      if (opening.sign !== CLOSES[sign]) {
        const line = source.slice(0, opening.offset).split('\n').length;
        return { kind: 'closing', offset, message: `${sign} does not close the ${opening.sign} of line ${line}` };
      }
    }
  }
  const innermost = open.at(-1);
  return innermost && { kind: 'open', offset: innermost.offset, message: `${innermost.sign} is never closed` };
}

function stringEnd(source: string, start: number, quote: string): number | undefined {
  const signs = STRING_SIGN[quote]!;
  signs.lastIndex = start + quote.length;
  for (let found = signs.exec(source); found !== null; found = signs.exec(source)) {
    if (found[0] === quote) return signs.lastIndex;
    if (found[0] === '\n') return undefined;
  }
  return undefined;
}

/**
 * Where brackets or strings of a Python text do not close, as CPython's tokenizer says it. Knows no
 * grammar: what stands between the brackets is the parser's business.
 *
 * A parser notices a missing bracket only lines later, at the first word that does not fit; CPython
 * names the bracket, and so do we.
 */
export interface LexicalFault {
  /** UTF-16 offset of the bracket or quote. */
  offset: number;
  message: string;
  /** A bracket that is open at the end of the file; every other fault ends the reading where it stands. */
  open: boolean;
}

const SIGN = /#[^\n]*|\\[^]|"""|'''|["'()[\]{}]/g;
const CLOSES: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

export function findLexicalFault(source: string): LexicalFault | undefined {
  const open: { sign: string; offset: number }[] = [];
  SIGN.lastIndex = 0;
  for (let found = SIGN.exec(source); found !== null; found = SIGN.exec(source)) {
    const { 0: sign, index: offset } = found;
    if (sign.endsWith('"') || sign.endsWith("'")) {
      if (sign.startsWith('\\') || sign.startsWith('#')) continue;
      const end = stringEnd(source, offset, sign);
      if (end === undefined) return { offset, message: `the string that begins here with ${sign} never ends`, open: false };
      SIGN.lastIndex = end;
    } else if ('([{'.includes(sign)) {
      open.push({ sign, offset });
    } else if (sign in CLOSES) {
      const opening = open.pop();
      if (opening === undefined) return { offset, message: `${sign} closes nothing`, open: false };
      if (opening.sign !== CLOSES[sign]) {
        const line = source.slice(0, opening.offset).split('\n').length;
        return { offset, message: `${sign} does not close the ${opening.sign} of line ${line}`, open: false };
      }
    }
  }
  const innermost = open.at(-1);
  return innermost && { offset: innermost.offset, message: `${innermost.sign} is never closed`, open: true };
}

function stringEnd(source: string, start: number, quote: string): number | undefined {
  const stop = quote.length === 3 ? new RegExp(`\\\\[^]|${quote}`, 'g') : new RegExp(`\\\\[^]|${quote}|\\n`, 'g');
  stop.lastIndex = start + quote.length;
  for (let found = stop.exec(source); found !== null; found = stop.exec(source)) {
    if (found[0] === quote) return stop.lastIndex;
    if (found[0] === '\n') return undefined;
  }
  return undefined;
}

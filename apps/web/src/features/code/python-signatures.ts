/** The public methods of a class of the card SDK with their signatures and docs, read from its source. Pure. */

interface Parameter {
  name: string;
  /** As written: `key: str`, `step: float | None = None`. */
  text: string;
}

export interface Method {
  name: string;
  parameters: Parameter[];
  returns: string;
  doc: string;
}

const METHOD = /^ {4}def ([a-z]\w*)\(self(?:, )?([^\n]*?)\)(?: -> ([^\n]+))?:\n\s+"""([\s\S]*?)"""/gm;

export function methodsOf(source: string, className: string): Method[] {
  const start = source.search(new RegExp(`^class ${className}\\b`, 'm'));
  if (start < 0) return [];
  // From the line behind the head of the class to the next one that is not indented.
  const rest = source.slice(source.indexOf('\n', start) + 1);
  const end = rest.search(/^\S/m);
  const body = end < 0 ? rest : rest.slice(0, end);
  return Array.from(body.matchAll(METHOD), ([, name = '', parameters = '', returns = 'None', doc = '']) => ({
    name,
    parameters: splitParameters(parameters),
    returns: returns.replaceAll('"', ''),
    doc: doc.replaceAll(/\s*\n\s*/g, ' ').trim(),
  }));
}

/** At commas outside of brackets. */
function splitParameters(text: string): Parameter[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of text) {
    if ('[({'.includes(char)) depth += 1;
    if ('])}'.includes(char)) depth -= 1;
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part]
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== '*' && one !== '/')
    .map((one) => ({ name: /^\w+/.exec(one)?.[0] ?? one, text: one.replaceAll('"', '') }));
}

export const signatureOf = ({ name, parameters, returns }: Method): string =>
  `${name}(${parameters.map(({ text }) => text).join(', ')}) -> ${returns}`;

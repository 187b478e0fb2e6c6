/**
 * What stands in the way of Python reading the stored bytes as the text that people see. Card files
 * are stored as UTF-8, whatever a comment in them says; Python believes the comment.
 */
interface EncodingFault {
  /** UTF-16 offset into the source. */
  offset: number;
  message: string;
}

/** PEP 263: in the first two lines, and in the second only below a comment or a blank line. */
const DECLARATION = /^(?:[ \t\f]*(?:#[^\n]*)?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const UTF_8 = /^utf[-_]?8([-_]|$)/i;
/** Where ASCII is ASCII, so that the comment does no harm to a file that has nothing else. */
const EXTENDS_ASCII = /^(ascii|us-ascii|latin[-_]?1|iso[-_]?(latin[-_]1|8859[-_]\d{1,2})|cp125\d|windows-125\d)$/i;

export function findEncodingFault(source: string): EncodingFault | undefined {
  const nul = source.indexOf('\0');
  if (nul >= 0) return { offset: nul, message: 'The file has a NUL character here, which Python refuses; delete it.' };
  const found = DECLARATION.exec(source);
  const name = found?.[1] ?? 'utf-8';
  if (found === null || UTF_8.test(name) || (EXTENDS_ASCII.test(name) && !/\P{ASCII}/u.test(source))) return undefined;
  const message = `This comment says that the file is "${name.slice(0, 40)}", but card files are UTF-8; delete the comment.`;
  return { offset: found[0].length - name.length, message };
}

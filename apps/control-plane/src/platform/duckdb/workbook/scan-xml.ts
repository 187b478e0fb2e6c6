/**
 * Walks through XML as it comes in, without building a tree: what workbooks need of XML and no more. Prefixes of names are
 * left out; entities that a document type could define are not known, and a document type is refused. Pure.
 */
import { TableError } from '../table-task.ts';

export interface XmlHandler {
  /** `attributes` is the text within the tag; ask `attributeOf`. */
  open?(name: string, attributes: string): void;
  /** May come in several pieces. */
  text?(text: string): void;
  close?(name: string): void;
}

/** A tag or a piece of text that is longer is no workbook's. */
const MAX_PENDING = 4 * 1024 ** 2;

/** `pause` is called between pieces; it may take time, and throw. */
export async function scanXml(chunks: AsyncIterable<Uint8Array>, handler: XmlHandler, pause: () => void | Promise<void>): Promise<void> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const chunk of chunks) {
    await pause();
    pending = scanPiece(pending + decoder.decode(chunk, { stream: true }), handler);
    if (pending.length > MAX_PENDING) throw broken();
  }
  if (scanPiece(pending + decoder.decode(), handler).trim() !== '') throw broken();
}

/** Returns what cannot be told yet. */
function scanPiece(xml: string, handler: XmlHandler): string {
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<', at);
    if (start < 0) break;
    if (start > at) handler.text?.(unescapeXml(xml.slice(at, start)));
    const special = SPECIAL.find(({ begins }) => xml.startsWith(begins, start));
    // “<!-” may still become “<!--”.
    if (!special && xml[start + 1] === '!' && xml.length - start < 9) return xml.slice(start);
    const end = xml.indexOf(special?.ends ?? '>', start + (special?.begins.length ?? 1));
    if (end < 0) return xml.slice(start);
    if (special) {
      if (special.begins === '<![CDATA[') handler.text?.(xml.slice(start + special.begins.length, end));
    } else if (xml[start + 1] === '!') throw broken();
    else element(xml.slice(start + 1, end), handler);
    at = end + (special?.ends.length ?? 1);
  }
  return xml.slice(at);
}

const SPECIAL = [
  { begins: '<!--', ends: '-->' },
  { begins: '<![CDATA[', ends: ']]>' },
  { begins: '<?', ends: '?>' },
];

function element(tag: string, handler: XmlHandler): void {
  if (tag.startsWith('/')) return handler.close?.(localName(tag.slice(1).trim()));
  const closed = tag.endsWith('/');
  const inner = closed ? tag.slice(0, -1) : tag;
  const space = inner.search(/\s/);
  const name = localName(space < 0 ? inner : inner.slice(0, space));
  handler.open?.(name, space < 0 ? '' : inner.slice(space));
  if (closed) handler.close?.(name);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** By its name as it is written, with the prefix if it has one; undefined when it is not there. */
export function attributeOf(attributes: string, name: string): string | undefined {
  let pattern = patterns.get(name);
  if (!pattern) patterns.set(name, (pattern = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)));
  const found = pattern.exec(attributes);
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : undefined;
}
const patterns = new Map<string, RegExp>();

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : '\ufffd';
    },
  );
}

const broken = (): TableError => new TableError('unreadable', 'The XLSX file is damaged: a part of it is no XML that workbooks have.');

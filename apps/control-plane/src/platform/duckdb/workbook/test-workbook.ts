/** Workbooks for tests: ZIP files of XML, as small as they can be, and with lies where a test wants some. */
import { deflateRawSync } from 'node:zlib';

export interface TestEntry {
  name: string;
  content: string;
  /** What the list says that it unpacks to, when that is a lie. */
  says?: number;
  stored?: boolean;
}

export function zipOf(entries: readonly TestEntry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, content, says, stored } of entries) {
    const raw = Buffer.from(content);
    const packed = stored ? raw : deflateRawSync(raw);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(says ?? raw.length, 18);
    const nameLength = Buffer.alloc(4);
    nameLength.writeUInt16LE(name.length, 0);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), fields, nameLength, Buffer.from(name), packed]);
    list.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), fields, nameLength, place, Buffer.from(name)]));
    parts.push(head);
    at += head.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...list, end]);
}

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet';

/** `sheet` is what stands within `<sheetData>` of the only sheet; `more` replaces or adds entries. */
export function workbookEntries(sheet: string, more: Record<string, string> = {}): TestEntry[] {
  const entries: Record<string, string> = {
    'xl/workbook.xml': '<workbook><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Type="${RELATION}" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    ...more,
  };
  return Object.entries(entries).map(([name, content]) => ({ name, content }));
}

/** A workbook with one sheet of texts and numbers. */
export function workbookOf(rows: readonly (readonly (string | number)[])[]): Buffer {
  const cell = (value: string | number) =>
    typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  return zipOf(workbookEntries(rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('')));
}

/** What a workbook says beside its sheets: which sheets there are, which cell styles are dates, and the texts that cells share. */
import { TableError } from '../table-task.ts';
import { isDateFormat } from './cell-format.ts';
import { attributeOf, scanXml } from './scan-xml.ts';
import type { ZipArchive } from './zip-archive.ts';

export interface WorkbookParts {
  /** Worksheets in the order people see them, with the entry that holds each. */
  sheets: { name: string; entry: string }[];
  /** Days are counted from 1904. */
  from1904: boolean;
}

const MAX_SHARED_CHARACTERS = 256 * 1024 ** 2;
const MAX_SHEETS = 10_000;

export async function readWorkbookParts(archive: ZipArchive, check: () => void): Promise<WorkbookParts> {
  const named: { name: string; relation: string }[] = [];
  let from1904 = false;
  await scanXml(
    archive.read('xl/workbook.xml'),
    {
      open(element, attributes) {
        if (element === 'workbookPr') from1904 = /^(1|true)$/.test(attributeOf(attributes, 'date1904') ?? '');
        if (element !== 'sheet' || named.length >= MAX_SHEETS) return;
        named.push({ name: attributeOf(attributes, 'name') ?? '', relation: attributeOf(attributes, '(?:\\w+:)?id') ?? '' });
      },
    },
    check,
  );
  const entries = new Map<string, string>();
  const relations = 'xl/_rels/workbook.xml.rels';
  if (archive.has(relations)) {
    await scanXml(
      archive.read(relations),
      {
        open(element, attributes) {
          if (element !== 'Relationship' || !attributeOf(attributes, 'Type')?.endsWith('/worksheet')) return;
          const target = attributeOf(attributes, 'Target') ?? '';
          entries.set(attributeOf(attributes, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
        },
      },
      check,
    );
  }
  const sheets = named.flatMap(({ name, relation }) => {
    const entry = entries.get(relation);
    return entry !== undefined && archive.has(entry) ? [{ name, entry }] : [];
  });
  return { sheets, from1904 };
}

/** By the number of a cell style: is it a date? */
export async function readDateStyles(archive: ZipArchive, check: () => void): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  if (!archive.has('xl/styles.xml')) return styles;
  let inCells = false;
  await scanXml(
    archive.read('xl/styles.xml'),
    {
      open(element, attributes) {
        if (element === 'cellXfs') inCells = true;
        if (element === 'numFmt') codes.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
        if (element !== 'xf' || !inCells) return;
        const id = Number(attributeOf(attributes, 'numFmtId') ?? 0);
        styles.push(isDateFormat(id, codes.get(id)));
      },
      close(element) {
        if (element === 'cellXfs') inCells = false;
      },
    },
    check,
  );
  return styles;
}

export async function readSharedTexts(archive: ZipArchive, check: () => void): Promise<string[]> {
  const texts: string[] = [];
  if (!archive.has('xl/sharedStrings.xml')) return texts;
  let text = '';
  let reading = false;
  let phonetic = false;
  let characters = 0;
  await scanXml(
    archive.read('xl/sharedStrings.xml'),
    {
      open(element) {
        if (element === 'si') text = '';
        // How to pronounce a text is no part of it.
        else if (element === 'rPh') phonetic = true;
        else if (element === 't') reading = !phonetic;
      },
      text(piece) {
        if (reading) text += piece;
      },
      close(element) {
        if (element === 't') reading = false;
        else if (element === 'rPh') phonetic = false;
        else if (element === 'si') {
          characters += text.length;
          if (characters > MAX_SHARED_CHARACTERS)
            throw new TableError('too-heavy', 'The workbook has too much text to be looked into here: save the table as CSV or Parquet.');
          texts.push(text);
        }
      },
    },
    check,
  );
  return texts;
}

/**
 * Is this a workbook, and of a size that cards can open? Reads only the list of contents at the end of the ZIP file; nothing is
 * unpacked. Throws invalid-file otherwise.
 */
import { open } from 'node:fs/promises';
import { ApiError } from '../../platform/api-error.ts';

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const MAX_LIST_BYTES = 16 * 1024 ** 2;
const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;
const MAX_RATIO = 200;
/** Below this the ratio says nothing. */
const SMALL_BYTES = 256 * 1024 ** 2;

export async function checkWorkbook(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const read = async (position: number, length: number): Promise<Buffer> => {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, position);
      return buffer.subarray(0, bytesRead);
    };
    if ((await read(0, 4)).toString('latin1') !== 'PK\u0003\u0004') throw damaged('The name says XLSX, but the bytes are something else.');
    const tail = await read(Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES), Math.min(size, END_BYTES + MAX_COMMENT_BYTES));
    const at = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
    if (at < 0 || at + END_BYTES > tail.length) throw damaged();
    const [length, start] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (length > MAX_LIST_BYTES || start + length > size) throw damaged();
    const unpacked = sizesIn(await read(start, length));
    const total = [...unpacked.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (total > MAX_UNPACKED_BYTES || (total > SMALL_BYTES && total > size * MAX_RATIO)) {
      throw damaged(`The file has ${size} bytes and says that it unpacks to ${total}: such files are not taken.`);
    }
    if (!unpacked.has('xl/workbook.xml')) throw damaged('The name says XLSX, but there is no workbook inside.');
  } finally {
    await handle.close();
  }
}

/** Name → bytes when unpacked, of every entry in the list of contents. */
function sizesIn(list: Buffer): Map<string, number> {
  const sizes = new Map<string, number>();
  for (let at = 0; at < list.length;) {
    if (at + 46 > list.length || list.readUInt32LE(at) !== 0x02014b50) throw damaged();
    const [name, extra, comment] = [list.readUInt16LE(at + 28), list.readUInt16LE(at + 30), list.readUInt16LE(at + 32)];
    const entry = list.toString('utf8', at + 46, at + 46 + name);
    // Two entries of one name are a known way to show different readers different files.
    if (sizes.has(entry)) throw damaged();
    sizes.set(entry, list.readUInt32LE(at + 24));
    at += 46 + name + extra + comment;
  }
  return sizes;
}

const damaged = (sentence = 'The XLSX file is damaged or incomplete: save it again, then send it again.'): ApiError =>
  new ApiError('invalid-file', sentence);

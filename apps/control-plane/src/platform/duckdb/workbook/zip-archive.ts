/**
 * Reads entries of a ZIP file of which nothing is believed: lists that lie, entries that unpack to more than they say, and
 * names that come twice are refused. Knows nothing of workbooks. Throws `unreadable`.
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { TableError } from '../table-task.ts';

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const MAX_LIST_BYTES = 16 * 1024 ** 2;
const LOCAL_HEAD_BYTES = 30;

interface Entry {
  /** 0: stored as it is, 8: deflate. */
  method: number;
  encrypted: boolean;
  packed: number;
  unpacked: number;
  /** Of the head before the bytes. */
  start: number;
}

export interface ZipArchive {
  bytes: number;
  /** What all entries say that they unpack to. */
  unpackedBytes: number;
  has(name: string): boolean;
  /** The bytes of an entry, unpacked as they are read. */
  read(name: string): AsyncIterable<Uint8Array>;
}

/** `work` may read as long as it has not ended. `damaged` makes the error for a file that is no whole ZIP file. */
export async function withZipArchive<T>(path: string, damaged: () => TableError, work: (archive: ZipArchive) => Promise<T>): Promise<T> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const entries = await listEntries(handle, size, damaged);
    const unpackedBytes = [...entries.values()].reduce((sum, entry) => sum + entry.unpacked, 0);
    return await work({
      bytes: size,
      unpackedBytes,
      has: (name) => entries.has(name),
      read(name) {
        const entry = entries.get(name);
        if (!entry) throw damaged();
        return unpack(handle, entry, damaged);
      },
    });
  } finally {
    await handle.close();
  }
}

async function listEntries(handle: FileHandle, size: number, damaged: () => TableError): Promise<Map<string, Entry>> {
  const tail = await readAt(handle, Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES), Math.min(size, END_BYTES + MAX_COMMENT_BYTES));
  const at = tail.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  if (at < 0 || at + END_BYTES > tail.length) throw damaged();
  const [length, start] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (length > MAX_LIST_BYTES || start + length > size) throw damaged();
  const list = await readAt(handle, start, length);
  const entries = new Map<string, Entry>();
  for (let offset = 0; offset < list.length;) {
    if (offset + 46 > list.length || list.readUInt32LE(offset) !== 0x02014b50) throw damaged();
    const [name, extra, comment] = [list.readUInt16LE(offset + 28), list.readUInt16LE(offset + 30), list.readUInt16LE(offset + 32)];
    const label = list.toString('utf8', offset + 46, offset + 46 + name);
    // Two entries of one name are a known way to show different readers different files.
    if (entries.has(label)) throw damaged();
    entries.set(label, {
      encrypted: (list.readUInt16LE(offset + 8) & 1) === 1,
      method: list.readUInt16LE(offset + 10),
      packed: list.readUInt32LE(offset + 20),
      unpacked: list.readUInt32LE(offset + 24),
      start: list.readUInt32LE(offset + 42),
    });
    offset += 46 + name + extra + comment;
  }
  return entries;
}

async function* unpack(handle: FileHandle, entry: Entry, damaged: () => TableError): AsyncGenerator<Uint8Array> {
  const head = await readAt(handle, entry.start, LOCAL_HEAD_BYTES);
  if (entry.encrypted || head.length < LOCAL_HEAD_BYTES || head.readUInt32LE(0) !== 0x04034b50) throw damaged();
  const start = entry.start + LOCAL_HEAD_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = Readable.from(rangeOf(handle, start, entry.packed));
  if (entry.method !== 0 && entry.method !== 8) throw damaged();
  const unpacked = entry.method === 0 ? packed : packed.pipe(createInflateRaw());
  packed.on('error', (error) => unpacked.destroy(error));
  let seen = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
      seen += chunk.length;
      if (seen > entry.unpacked) throw damaged();
      yield chunk;
    }
  } catch (error) {
    throw error instanceof TableError ? error : damaged();
  }
  if (seen !== entry.unpacked) throw damaged();
}

async function* rangeOf(handle: FileHandle, start: number, length: number): AsyncGenerator<Uint8Array> {
  const CHUNK = 256 * 1024;
  for (let at = 0; at < length;) {
    const chunk = await readAt(handle, start + at, Math.min(CHUNK, length - at));
    if (chunk.length === 0) return;
    at += chunk.length;
    yield chunk;
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

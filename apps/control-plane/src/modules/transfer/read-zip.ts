/**
 * Reads a zip that a stranger sent: by its central directory, with limits that are kept while inflating, and refusing
 * whatever could mean one thing here and another on a disk. Writes nothing; knows nothing of projects.
 */
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { ApiError } from '../../platform/api-error.ts';

export interface ZipLimits {
  entries: number;
  /** Of one file, unpacked. */
  fileBytes: number;
  /** Of all files, unpacked. */
  totalBytes: number;
}

const ZIP_LIMITS: ZipLimits = { entries: 5_000, fileBytes: 64 * 1024 ** 2, totalBytes: 192 * 1024 ** 2 };
const MAX_NAME_BYTES = 1_000;
/** A file that shrinks further than this, and is large, was made to fill memories. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 8 * 1024 ** 2;

const inflate = promisify(inflateRaw);

interface Entry {
  name: string;
  method: number;
  crc: number;
  packed: number;
  unpacked: number;
  /** Of its local header. */
  offset: number;
}

/** Path → bytes, in the order of the archive; folders are left out. Throws `invalid-file` or `too-large` with one sentence. */
export async function readZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): Promise<Map<string, Uint8Array>> {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = readDirectory(data, limits);
  const files = new Map<string, Uint8Array>();
  // One at a time: what is unpacked never exceeds the limit by more than one file.
  for (const entry of entries) files.set(entry.name, await unpack(data, entry));
  return files;
}

function readDirectory(data: Buffer, limits: ZipLimits): Entry[] {
  if (data.length < 22 || data.readUInt32LE(0) !== LOCAL) {
    if (data.length >= 22 && data.readUInt32LE(0) === END) throw broken('The zip is empty.');
    throw broken('This is no zip file.');
  }
  const end = findEnd(data);
  const [disk, count, size, offset] = [
    data.readUInt16LE(end + 4),
    data.readUInt16LE(end + 10),
    data.readUInt32LE(end + 12),
    data.readUInt32LE(end + 16),
  ];
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff)
    throw new ApiError('too-large', `The zip has more files or bytes than a project may have: at most ${limits.entries} files.`);
  if (disk !== 0) throw broken('The zip is one part of several. Pack it as one file.');
  if (count > limits.entries) throw new ApiError('too-large', `The zip holds ${count} files; at most ${limits.entries} can be imported.`);
  if (offset + size > end) throw broken('The zip is broken: its list of files is cut off.');
  const entries: Entry[] = [];
  const names = new Set<string>();
  const folders = new Set<string>();
  let total = 0;
  let at = offset;
  for (let index = 0; index < count; index++) {
    if (at + 46 > offset + size || data.readUInt32LE(at) !== CENTRAL) throw broken('The zip is broken: its list of files is damaged.');
    const next = at + 46 + data.readUInt16LE(at + 28) + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
    if (next > offset + size) throw broken('The zip is broken: its list of files is cut off.');
    const entry = readEntry(data, at);
    at = next;
    const key = entry.name.replace(/\/$/, '').toLowerCase();
    if (entry.name.endsWith('/')) {
      folders.add(key);
      continue;
    }
    if (names.has(key)) throw broken(`The zip holds ${shown(entry.name)} twice.`);
    names.add(key);
    total += entry.unpacked;
    if (entry.unpacked > limits.fileBytes || total > limits.totalBytes)
      throw new ApiError(
        'too-large',
        `Unpacked, the zip is larger than what can be imported (${limits.totalBytes / 1024 ** 2} MB, one file ${limits.fileBytes / 1024 ** 2} MB).`,
      );
    if (entry.unpacked > RATIO_FROM_BYTES && entry.unpacked > MAX_RATIO * entry.packed)
      throw new ApiError(
        'too-large',
        `${shown(entry.name)} unpacks to more than ${MAX_RATIO} times its size, as zip bombs do. It was not unpacked.`,
      );
    entries.push(entry);
  }
  for (const name of names)
    for (let slash = name.indexOf('/'); slash > 0; slash = name.indexOf('/', slash + 1))
      if (names.has(name.slice(0, slash))) throw broken(`In the zip ${shown(name.slice(0, slash))} is a file and a folder.`);
  checkOverlap(entries, offset);
  return entries;
}

function readEntry(data: Buffer, at: number): Entry {
  const flags = data.readUInt16LE(at + 8);
  const raw = data.subarray(at + 46, at + 46 + data.readUInt16LE(at + 28));
  const name = readName(raw);
  if (flags & 0x1 || flags & 0x40) throw broken(`${shown(name)} is encrypted. Pack the folder without a password.`);
  const system = data.readUInt16LE(at + 4) >> 8;
  const kind = (data.readUInt32LE(at + 38) >>> 16) & 0o170000;
  // Unix and macOS keep the kind of a file in the upper half.
  if ((system === 3 || system === 19) && kind !== 0 && kind !== 0o100000 && kind !== 0o040000)
    throw broken(`${shown(name)} is a link or no plain file. Pack the folder without links.`);
  const method = data.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8)
    throw broken(`${shown(name)} is packed in a way that is not understood here (method ${method}). Pack it as a plain zip.`);
  return {
    name,
    method,
    crc: data.readUInt32LE(at + 16),
    packed: data.readUInt32LE(at + 20),
    unpacked: data.readUInt32LE(at + 24),
    offset: data.readUInt32LE(at + 42),
  };
}

/** A relative path of plain parts, joined by slashes. Folders end with a slash. */
function readName(raw: Buffer): string {
  if (raw.length === 0 || raw.length > MAX_NAME_BYTES) throw broken('A file in the zip has no name, or one that is too long.');
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    // Old programs write names in a code page nobody names; Latin keeps them apart.
    name = raw.toString('latin1');
  }
  if (/[\p{Cc}\p{Cs}]/u.test(name)) throw broken(`${shown(name)} has a character in its name that no file name has.`);
  // Windows programs of old write backslashes.
  const plain = name.includes('/') ? name : name.replaceAll('\\', '/');
  const parts = plain.replace(/\/$/, '').split('/');
  if (
    plain.startsWith('/') ||
    /^[A-Za-z]:/.test(plain) ||
    plain.includes('\\') ||
    parts.some((part) => part === '' || part === '.' || part === '..')
  )
    throw broken(`${shown(name)} leads out of its folder. Nothing of this zip was unpacked.`);
  return plain;
}

/** Files that share bytes are how a small archive becomes a huge one. */
function checkOverlap(entries: readonly Entry[], directory: number): void {
  let free = 0;
  for (const { name, offset, packed } of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (offset < free) throw broken(`The zip is broken: ${shown(name)} lies within another file.`);
    free = offset + 30 + packed;
    if (free > directory) throw broken(`The zip is broken: ${shown(name)} is cut off.`);
  }
}

async function unpack(data: Buffer, { name, method, crc, packed, unpacked, offset }: Entry): Promise<Uint8Array> {
  if (offset + 30 > data.length || data.readUInt32LE(offset) !== LOCAL)
    throw broken(`The zip is broken: ${shown(name)} is not where its list says.`);
  const start = offset + 30 + data.readUInt16LE(offset + 26) + data.readUInt16LE(offset + 28);
  if (start + packed > data.length) throw broken(`The zip is broken: ${shown(name)} is cut off.`);
  const body = data.subarray(start, start + packed);
  let content: Uint8Array;
  try {
    // The announced size is the limit, whatever is really in there. Zero would be no limit.
    content = method === 0 ? body : await inflate(body, { maxOutputLength: Math.max(1, unpacked) });
  } catch {
    throw broken(`The zip is broken: ${shown(name)} cannot be unpacked.`);
  }
  if (content.length !== unpacked || crc32(content) !== crc) throw broken(`The zip is broken: ${shown(name)} is not what was packed.`);
  return content;
}

/** The end record is last, before a comment of at most 64 kB. */
function findEnd(data: Buffer): number {
  for (let at = data.length - 22; at >= Math.max(0, data.length - 22 - 0xffff); at--)
    if (data.readUInt32LE(at) === END && at + 22 + data.readUInt16LE(at + 20) === data.length) return at;
  throw broken('The zip is broken or cut off: its end is missing. Send it again.');
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

const broken = (message: string): ApiError => new ApiError('invalid-file', message);
const shown = (name: string): string =>
  JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );

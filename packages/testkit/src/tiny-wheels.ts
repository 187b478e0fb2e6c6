/** Wheels and source distributions of a few bytes, written by the test that needs them: a package index without a network. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, gzipSync } from 'node:zlib';

export interface TinyWheel {
  name: string;
  version: string;
  /** Path in site-packages → text. By default one module with `VERSION`. */
  files?: Record<string, string>;
  /** `Requires-Dist` lines. */
  requires?: string[];
  requiresPython?: string;
  /** `py3-none-any` */
  tag?: string;
}

/** Writes it into `folder`, which is made; returns the file's name. */
export function writeWheel(folder: string, wheel: TinyWheel): string {
  const { name, version, requires = [], requiresPython, tag = 'py3-none-any' } = wheel;
  const module = name.replaceAll('-', '_');
  const info = `${module}-${version}.dist-info`;
  const entries = new Map(Object.entries(wheel.files ?? { [`${module}.py`]: `VERSION = "${version}"\n` }));
  const metadata = [
    'Metadata-Version: 2.1',
    `Name: ${name}`,
    `Version: ${version}`,
    ...requires.map((line) => `Requires-Dist: ${line}`),
    ...(requiresPython === undefined ? [] : [`Requires-Python: ${requiresPython}`]),
  ];
  entries.set(`${info}/METADATA`, `${metadata.join('\n')}\n`);
  entries.set(`${info}/WHEEL`, `Wheel-Version: 1.0\nGenerator: tiny\nRoot-Is-Purelib: true\nTag: ${tag}\n`);
  const record = [...entries].map(([file, text]) => `${file},sha256=${hashOf(text)},${Buffer.byteLength(text)}`);
  entries.set(`${info}/RECORD`, `${[...record, `${info}/RECORD,,`].join('\n')}\n`);
  const file = `${module}-${version}-${tag}.whl`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, file), storedZip(entries));
  return file;
}

/** A source distribution whose `setup.py` is this program. */
export function writeSourceDistribution(folder: string, name: string, version: string, setup: string): string {
  const root = `${name}-${version}`;
  const files = { 'setup.py': setup, 'PKG-INFO': `Metadata-Version: 1.0\nName: ${name}\nVersion: ${version}\n` };
  const blocks = Object.entries(files).flatMap(([file, text]) => tarEntry(`${root}/${file}`, text));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${root}.tar.gz`), gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return `${root}.tar.gz`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** No compression: what is written is what is there. */
function storedZip(entries: ReadonlyMap<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    // 1 January 2020
    common.writeUInt16LE(0x5021, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, central, nameBytes);
    const local = [Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, data];
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.size, 8);
  end.writeUInt16LE(entries.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function tarEntry(name: string, text: string): Buffer[] {
  const data = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\x000000000\x000000000\0', 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
}

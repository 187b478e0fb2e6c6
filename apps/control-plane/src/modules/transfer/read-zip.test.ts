import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readZip } from './read-zip.ts';

const text = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, strToU8(content)])));
const reads = async (bytes: Uint8Array): Promise<Record<string, string>> =>
  Object.fromEntries([...(await readZip(bytes))].map(([name, content]) => [name, Buffer.from(content).toString()]));

/** Writes into the central directory of the n-th file. */
function patched(zip: Uint8Array, index: number, write: (record: Buffer, data: Buffer) => void): Uint8Array {
  const data = Buffer.from(zip);
  let at = data.readUInt32LE(data.length - 6);
  for (let skip = index; skip > 0; skip--) at += 46 + data.readUInt16LE(at + 28) + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  write(data.subarray(at), data);
  return data;
}

/** Gives a file another name of the same length in both places. */
const renamed = (from: string, to: string): Uint8Array => {
  const data = Buffer.from(text({ [from]: 'x' }));
  for (let at = data.indexOf(from); at >= 0; at = data.indexOf(from, at + 1)) data.write(to, at, 'latin1');
  return data;
};

test('a plain zip is read, folders and old backslashes included', async () => {
  expect(await reads(text({ 'a.txt': 'A', 'b/c.txt': 'C'.repeat(5_000), 'empty.txt': '' }))).toEqual({
    'a.txt': 'A',
    'b/c.txt': 'C'.repeat(5_000),
    'empty.txt': '',
  });
  expect(Object.keys(await reads(renamed('b/c', 'b\\c')))).toEqual(['b/c']);
  const folder = zipSync({ 'cards/': new Uint8Array(), 'cards/x.py': strToU8('x') });
  expect(Object.keys(await reads(folder))).toEqual(['cards/x.py']);
});

const many = (): Uint8Array =>
  zipSync(Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`f${index}`, new Uint8Array()])), { level: 0 });
const small = text({ 'one.txt': 'one one one one one one one', 'two.txt': 'two' });

const HOSTILE: [string, () => Uint8Array, string][] = [
  ['a bomb: 60 MB of zeros', () => zipSync({ 'bomb.csv': new Uint8Array(60 * 1024 ** 2) }), 'zip bombs'],
  [
    'a bomb that says it is small',
    () => patched(zipSync({ 'bomb.csv': new Uint8Array(32 * 1024 ** 2) }), 0, (record) => record.writeUInt32LE(10, 24)),
    'cannot be unpacked',
  ],
  [
    'many files that are too large together',
    () =>
      patched(
        patched(small, 0, (record) => record.writeUInt32LE(0xf0000000, 24)),
        1,
        (record) => record.writeUInt32LE(5, 24),
      ),
    'larger than what can be imported',
  ],
  ['parents', () => renamed('aa/bbbb.py', '../../x.py'), 'leads out'],
  ['parents in the middle', () => renamed('aaa/bb/c.py', 'aaa/../c.py'), 'leads out'],
  ['an absolute path', () => renamed('aetc/passwd', '/etc/passwd'), 'leads out'],
  ['a drive', () => renamed('aa/x.py', 'C:/x.py'), 'leads out'],
  ['backslashes beside slashes', () => renamed('a/bb/ccc', 'a/..\\ccc'), 'leads out'],
  [
    'a symbolic link',
    () =>
      patched(text({ link: '/etc/passwd' }), 0, (record) => (record.writeUInt16LE(0x0314, 4), record.writeUInt32LE(0o120777 * 65_536, 38))),
    'is a link',
  ],
  [
    'a device',
    () => patched(text({ dev: '' }), 0, (record) => (record.writeUInt16LE(0x0314, 4), record.writeUInt32LE(0o060666 * 65_536, 38))),
    'no plain file',
  ],
  ['two files of one name', () => renamed2('aa.py', 'ab.py'), 'twice'],
  ['two names that differ in case', () => text({ 'cards/A.py': '1', 'cards/a.py': '2' }), 'twice'],
  ['a file that is a folder too', () => text({ cards: '1', 'cards/a.py': '2' }), 'a file and a folder'],
  ['NUL in a name', () => renamed('a_b.py', 'a\0b.py'), 'has a character'],
  ['60,000 files', many, 'at most 5000'],
  ['100,000 files', () => patched(many(), 0, (_, data) => data.writeUInt16LE(0xffff, data.length - 12)), 'more files or bytes'],
  ['encrypted', () => patched(small, 0, (record) => record.writeUInt16LE(1, 8)), 'encrypted'],
  ['an unknown method', () => patched(small, 0, (record) => record.writeUInt16LE(14, 10)), 'method 14'],
  ['cut off at the end', () => small.slice(0, -10), 'its end is missing'],
  ['cut off in the middle', () => small.slice(0, 60), 'its end is missing'],
  ['changed on its way', () => patched(small, 0, (_, data) => data.writeUInt8(data[40]! ^ 0xff, 40)), 'broken'],
  ['files that share bytes', () => patched(small, 1, (record) => record.writeUInt32LE(0, 42)), 'within another file'],
  ['another kind of file', () => strToU8('name,age\nAna,3\n'.repeat(10)), 'no zip file'],
  ['nothing at all', () => new Uint8Array(), 'no zip file'],
  ['an empty zip', () => zipSync({}), 'empty'],
];

function renamed2(one: string, other: string): Uint8Array {
  const data = Buffer.from(text({ [one]: '1', [other]: '2' }));
  for (let at = data.indexOf(other); at >= 0; at = data.indexOf(other, at + 1)) data.write(one, at, 'latin1');
  return data;
}

test.each(HOSTILE)('refused with one sentence: %s', async (_, make, sentence) => {
  await expect(readZip(make())).rejects.toMatchObject({ message: expect.stringContaining(sentence) as string });
});

test('of any damaged zip either the content comes out whole, or one sentence', async () => {
  for (let seed = 0; seed < 400; seed++) {
    const data = Buffer.from(small);
    for (let count = 1 + (seed % 3); count > 0; count--) data[(seed * 7_919 + count * 104_729) % data.length]! ^= 1 << ((seed + count) % 8);
    await reads(data).then(
      (files) => expect(Object.values(files).sort()).toEqual(['one one one one one one one', 'two']),
      (error: { code?: string }) => expect(['invalid-file', 'too-large']).toContain(error.code),
    );
  }
});

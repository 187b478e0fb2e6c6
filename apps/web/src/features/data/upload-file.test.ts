import type { ProjectFileDetail } from '@ensemble/protocol';
import { describe, expect, test } from 'vitest';
import { uploadFile } from './upload-file.ts';
import type { UploadPorts, UploadProgress } from './upload-file.ts';

class Passing extends Error {}

/** A server of one upload that breaks whenever `breaks` says so. */
function serverOf(breaks: (call: number) => 'before' | 'after' | undefined) {
  let bytes = '';
  let size = 0;
  let begun = 0;
  let known = true;
  let calls = 0;
  const waits: number[] = [];
  const disturbed = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    const how = breaks(calls);
    if (how === 'before') throw new Passing();
    const answer = await work();
    if (how === 'after') throw new Passing();
    return answer;
  };
  const upload = () => ({ id: `u${begun}`, name: 'a.csv', bytes: size, offset: bytes.length });
  const ports: UploadPorts = {
    begin: (_name, total) =>
      disturbed(async () => {
        begun += 1;
        bytes = '';
        size = total;
        known = true;
        return upload();
      }),
    state: (id) => disturbed(async () => (known && id === `u${begun}` ? upload() : undefined)),
    send: (_id, offset, chunk) =>
      disturbed(async () => {
        if (offset !== bytes.length) throw new Passing('409');
        bytes += await chunk.text();
        return upload();
      }),
    finish: () => disturbed(async () => ({ name: 'a.csv', bytes: bytes.length }) as ProjectFileDetail),
    passes: (error) => error instanceof Passing,
    wait: async (ms) => void waits.push(ms),
  };
  return { ports, stored: () => bytes, begun: () => begun, forget: () => (known = false), waits };
}

const text = 'abcdefghijklmnopqrstuvwxyz';
const send = (ports: UploadPorts, earlier?: string, seen: UploadProgress[] = []) =>
  uploadFile(ports, {
    file: new Blob([text]),
    name: 'a.csv',
    earlier,
    chunkBytes: 4,
    signal: new AbortController().signal,
    onProgress: (progress) => seen.push(progress),
  });

describe('sending a file', () => {
  test('arrives in order, tells how far it is, and ends with a check', async () => {
    const server = serverOf(() => undefined);
    const seen: UploadProgress[] = [];
    await send(server.ports, undefined, seen);
    expect(server.stored()).toBe(text);
    expect(seen.map(({ sent }) => sent)).toEqual([0, 4, 8, 12, 16, 20, 24, 26]);
    expect(seen.at(-1)).toEqual({ uploadId: 'u1', sent: 26, phase: 'checking' });
  });

  test('survives a break at any call, also one whose answer is lost after it was done', async () => {
    for (const how of ['before', 'after'] as const) {
      for (let broken = 1; broken <= 9; broken += 1) {
        const server = serverOf((call) => (call === broken ? how : undefined));
        await send(server.ports);
        expect(server.stored(), `${how} call ${broken}`).toBe(text);
        expect(server.waits).toEqual([500]);
      }
    }
  });

  test('goes on with an upload begun earlier, and begins anew when the server forgot it', async () => {
    const server = serverOf((call) => (call === 4 ? 'before' : undefined));
    await expect(send({ ...server.ports, passes: () => false })).rejects.toThrow();
    expect(server.stored()).toBe('abcdefgh');
    const seen: UploadProgress[] = [];
    await send(server.ports, 'u1', seen);
    expect(seen[0]?.sent).toBe(8);
    expect([server.begun(), server.stored()]).toEqual([1, text]);
    server.forget();
    await send(server.ports, 'u1');
    expect([server.begun(), server.stored()]).toEqual([2, text]);
  });

  test('waits longer each time and gives up after a while without any success', async () => {
    const server = serverOf(() => 'before');
    await expect(send(server.ports)).rejects.toThrow(Passing);
    expect(server.waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(server.waits).toHaveLength(12);
    expect(Math.max(...server.waits)).toBe(15_000);
  });

  test('what does not pass is thrown at once', async () => {
    const server = serverOf(() => undefined);
    const refusal = new Error('this is no CSV');
    await expect(send({ ...server.ports, finish: () => Promise.reject(refusal) })).rejects.toBe(refusal);
    expect(server.waits).toEqual([]);
  });
});

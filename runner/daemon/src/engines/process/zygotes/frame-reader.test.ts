import { describe, expect, it } from 'vitest';
import { FrameReader } from './frame-reader.ts';

const frame = (kind: string, content: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(content));
  return Buffer.concat([Buffer.from(kind), length, Buffer.from(content)]);
};

describe('FrameReader', () => {
  it('gives the same frames however the bytes come', () => {
    const bytes = Buffer.concat([frame('o', 'output'), frame('e', ''), frame('?', 'unknown'), frame('r', '{"event":"ready"}')]);
    for (let size = 1; size <= bytes.length; size += 1) {
      const got: string[] = [];
      const reader = new FrameReader((kind, content) => got.push(`${kind}:${content.toString()}`));
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      expect(got).toEqual(['output:output', 'events:', 'report:{"event":"ready"}']);
    }
  });
});

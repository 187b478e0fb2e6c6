import { expect, it } from 'vitest';
import { OutputFrames } from './output-frames.ts';

const frame = (channel: number, text: string): Buffer => {
  const head = Buffer.alloc(8);
  head[0] = channel;
  head.writeUInt32BE(text.length, 4);
  return Buffer.concat([head, Buffer.from(text)]);
};

function read(bytes: Buffer, step: number): { stdout: string; stderr: string } {
  const got = { stdout: '', stderr: '' };
  const frames = new OutputFrames((channel, piece) => (got[channel] += piece.toString('latin1')));
  for (let at = 0; at < bytes.length; at += step) frames.push(bytes.subarray(at, at + step));
  return got;
}

it('puts both channels together again, wherever the bytes are cut', () => {
  const bytes = Buffer.concat([frame(1, 'hello '), frame(2, '{"kind"'), frame(1, ''), frame(1, 'world'), frame(2, ':1}\n')]);
  for (let step = 1; step <= bytes.length; step += 1) expect(read(bytes, step)).toEqual({ stdout: 'hello world', stderr: '{"kind":1}\n' });
});

it('takes a great many tiny frames in one piece', () => {
  expect(read(Buffer.concat(Array.from({ length: 50_000 }, () => frame(1, 'x'))), 1 << 20).stdout).toHaveLength(50_000);
});

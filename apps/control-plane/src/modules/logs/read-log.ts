/** A log over HTTP: a range of it as text, or all of it as a file. */
import { Readable } from 'node:stream';
import type { Actor } from '@ensemble/permissions';
import { MAX_LOG_RANGE_BYTES, type LogRange } from '@ensemble/protocol';
import { readLogRange, sizeOfLog, tracesOf, type LogPorts } from './log-source.ts';

const MAX_RANGE_BYTES = 256 * 1024;

interface WhichLog {
  runId: string;
  nodeId: string;
  attempt?: number | undefined;
}

/** `offset` in bytes, on a character boundary as `nextOffset` always is. */
export async function readLog(ports: LogPorts, actor: Actor, { runId, nodeId, attempt }: WhichLog, offset: number): Promise<LogRange> {
  const traces = await tracesOf(ports, actor, runId, nodeId, attempt);
  const { log, final } = traces;
  const range = await readLogRange(ports, traces, offset, MAX_RANGE_BYTES);
  if (!range) return { text: '', nextOffset: offset, size: offset, truncated: false, complete: final };
  const size = log ? sizeOfLog(log) : range.size;
  const truncated = log?.truncated ?? false;
  const bytes = wholeCharacters(range.bytes, log !== null && range.offset + range.bytes.length === size);
  const leftOut = range.offset > offset ? leftOutNote(range.offset - offset) : '';
  const nextOffset = range.offset + bytes.length;
  return { text: leftOut + decode(bytes), nextOffset, size, truncated, complete: final && log !== null && nextOffset >= size };
}

/** All of it that is kept, as it is printed until now, with a line where something was not kept. */
export async function openLogFile(ports: LogPorts, actor: Actor, { runId, nodeId, attempt }: WhichLog): Promise<Readable> {
  const traces = await tracesOf(ports, actor, runId, nodeId, attempt);
  return Readable.from(
    (async function* () {
      for (let at = 0; ;) {
        const range = await readLogRange(ports, traces, at, MAX_LOG_RANGE_BYTES);
        if (!range || range.bytes.length === 0) return;
        if (range.offset > at) yield Buffer.from(leftOutNote(range.offset - at));
        yield Buffer.from(range.bytes);
        at = range.offset + range.bytes.length;
      }
    })(),
    { objectMode: false },
  );
}

const leftOutNote = (bytes: number): string => `\n… ${bytes} bytes of the log left out …\n`;
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Cuts a character that continues behind the range, unless nothing comes behind it. Bytes that are no UTF-8 are kept. */
export function wholeCharacters(bytes: Uint8Array, isEnd: boolean): Uint8Array {
  if (isEnd) return bytes;
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1;
    // A range that is nothing but the beginning of a character would be asked for again and again: give it out.
    return length > back && back < bytes.length ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

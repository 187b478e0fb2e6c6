/**
 * The socket `/live`: what running cards print and measure, for whoever looks at it. Requests and news are JSON text; bytes of logs
 * come as binary messages of one or more pieces. Positions are bytes from the start of what an attempt printed.
 */
import { z } from 'zod';
import { LogGap, MAX_LOG_RANGE_BYTES, type LiveMetrics } from '../runner/messages.ts';

export const MAX_LIVE_REQUEST_BYTES = 4 * 1024;
export const MAX_WATCHES_PER_SOCKET = 60;
/** A browser gets no more live messages than this. Answers to its own requests come besides. */
export const LIVE_MESSAGES_PER_SECOND = 20;

const Id = z.number().int().min(0).max(0xffff_ffff);
const Position = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

export const LiveRequest = z.discriminatedUnion('kind', [
  /** `id` is the asker's and names the watch from then on. Without `attempt` the latest one. */
  z.object({
    kind: z.literal('watch'),
    id: Id,
    runId: z.string().max(64),
    nodeId: z.string().max(200),
    attempt: z.number().int().positive().optional(),
    log: z.boolean(),
    metrics: z.boolean(),
  }),
  z.object({ kind: z.literal('unwatch'), id: Id }),
  /** Answered by one piece that says `isAnswer`; where the bytes were not kept it begins later, or is empty. */
  z
    .object({ kind: z.literal('range'), id: Id, from: Position, to: Position })
    .refine(({ from, to }) => to > from && to - from <= MAX_LOG_RANGE_BYTES, `asks for more than ${MAX_LOG_RANGE_BYTES} bytes, or none`),
]);
export type LiveRequest = z.infer<typeof LiveRequest>;

export type LiveNews =
  /**
   * live: it runs, and what is new is sent. stored: it is over, and all there is can be asked for. none: it printed nothing that
   * could be had, or has not begun. `size` is how much was printed so far.
   */
  | { kind: 'watching'; id: number; state: 'live' | 'stored' | 'none'; size: number; gap?: LogGap; truncated: boolean }
  /** One sentence. The watch is over. */
  | { kind: 'refused'; id: number; message: string }
  | { kind: 'metrics'; news: (LiveMetrics & { id: number })[] };

export interface LogPiece {
  id: number;
  /** It answers a `range`. */
  isAnswer: boolean;
  start: number;
  /** How much was printed when it was read. */
  size: number;
  bytes: Uint8Array;
}

/** id, isAnswer, start, size, number of bytes */
const HEAD_BYTES = 4 + 1 + 8 + 8 + 4;

export function encodeLogPieces(pieces: readonly LogPiece[]): Uint8Array {
  const message = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + HEAD_BYTES + bytes.length, 0));
  const view = new DataView(message.buffer);
  let at = 0;
  for (const { id, isAnswer, start, size, bytes } of pieces) {
    view.setUint32(at, id);
    view.setUint8(at + 4, isAnswer ? 1 : 0);
    view.setFloat64(at + 5, start);
    view.setFloat64(at + 13, size);
    view.setUint32(at + 21, bytes.length);
    message.set(bytes, at + HEAD_BYTES);
    at += HEAD_BYTES + bytes.length;
  }
  return message;
}

/** Throws a RangeError for what is no such message. */
export function decodeLogPieces(message: Uint8Array): LogPiece[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const pieces: LogPiece[] = [];
  for (let at = 0; at < message.length;) {
    const length = view.getUint32(at + 21);
    if (at + HEAD_BYTES + length > message.length) throw new RangeError('a piece of a log is longer than its message');
    pieces.push({
      id: view.getUint32(at),
      isAnswer: view.getUint8(at + 4) === 1,
      start: view.getFloat64(at + 5),
      size: view.getFloat64(at + 13),
      bytes: message.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length),
    });
    at += HEAD_BYTES + length;
  }
  return pieces;
}

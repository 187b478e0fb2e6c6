/** A range of a step's log: from the runner while the card runs, from the artifact afterwards. Parses nothing of it. */
import type { Actor } from '@ensemble/permissions';
import type { LogRange } from '@ensemble/protocol';
import { isFinalStepState } from '@ensemble/protocol';
import { buffer } from 'node:stream/consumers';
import type { Bus } from '../../platform/bus/bus.ts';
import { authorizedStep } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';
import { runningAttemptOf } from './run-queries.ts';

const MAX_RANGE_BYTES = 256 * 1024;

export type ReadLogPorts = Pick<ReadRunsPorts, 'sql' | 'authorize' | 'artifacts'> & { bus: Pick<Bus, 'readLog'> };

/** `offset` in bytes, on a character boundary as `nextOffset` always is. */
export async function readLog(ports: ReadLogPorts, actor: Actor, runId: string, nodeId: string, offset: number): Promise<LogRange> {
  const { step } = await authorizedStep(ports, actor, 'run.read', runId, nodeId);
  if (step.log) {
    const { sha256, bytes: size, truncated } = step.log;
    const complete = isFinalStepState(step.state);
    if (offset >= size) return { text: '', nextOffset: size, size, truncated, complete };
    const end = Math.min(size, offset + MAX_RANGE_BYTES);
    const bytes = await buffer(await ports.artifacts.openRead(sha256, { start: offset, end }));
    const range = wholeCharacters(bytes, end === size);
    const nextOffset = offset + range.length;
    return { text: decode(range), nextOffset, size, truncated, complete: complete && nextOffset >= size };
  }
  const attempt = step.state === 'running' ? await runningAttemptOf(ports.sql, runId, nodeId) : undefined;
  const live = attempt && (await ports.bus.readLog(attempt.runnerId, attempt.id, offset, MAX_RANGE_BYTES));
  if (!live) return { text: '', nextOffset: offset, size: offset, truncated: false, complete: isFinalStepState(step.state) };
  const range = wholeCharacters(live.bytes, false);
  return { text: decode(range), nextOffset: offset + range.length, size: live.size, truncated: false, complete: false };
}

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

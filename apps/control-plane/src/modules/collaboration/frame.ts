/** Reads the heads of Hocuspocus frames without trusting them. Knows nothing of what the frames mean to a document. */

/** Message types of the Hocuspocus protocol that this server looks at. */
export const FRAME = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3, syncReply: 4, stateless: 5, close: 7 } as const;
/** What follows a frame of type `auth` from the server. */
const AUTH_DENIED = 1;

/** One for all: it keeps nothing between calls that decode a whole text. */
const decoder = new TextDecoder('utf-8', { fatal: true });

export class FrameReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** An unsigned variable-length integer up to 2^53 − 1. Throws beyond the end. */
  uint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new Error('The frame ends in the middle of a number.');
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new Error('A number in the frame is too big.');
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  block(): Uint8Array {
    const length = this.uint();
    if (this.at + length > this.bytes.byteLength) throw new Error('The frame is shorter than it says.');
    const block = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return block;
  }

  text(): string {
    return decoder.decode(this.block());
  }
}

function uint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** The frame that refuses one document on a socket; a provider emits `authenticationFailed` with the reason. */
export function deniedFrame(documentName: string, reason: string): Uint8Array {
  const name = new TextEncoder().encode(documentName);
  const text = new TextEncoder().encode(reason);
  return new Uint8Array([...uint(name.byteLength), ...name, FRAME.auth, AUTH_DENIED, ...uint(text.byteLength), ...text]);
}

export interface AwarenessEntry {
  clientId: number;
  clock: number;
  /** The client says that it is gone. */
  gone: boolean;
}

/** The entries of the awareness frame that starts with `name`, `type`. Throws when it is none. */
export function readAwarenessEntries(body: FrameReader): AwarenessEntry[] {
  const update = new FrameReader(body.block());
  const count = update.uint();
  const entries: AwarenessEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const clientId = update.uint();
    const clock = update.uint();
    entries.push({ clientId, clock, gone: JSON.parse(update.text()) === null });
  }
  return entries;
}

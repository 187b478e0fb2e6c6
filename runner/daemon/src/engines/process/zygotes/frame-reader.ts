/** Cuts what `warm.py` writes into frames: a letter, four bytes of length, the content. */
const HEADER_BYTES = 5;

type FrameKind = 'output' | 'events' | 'report';
const KINDS: Record<string, FrameKind> = { o: 'output', e: 'events', r: 'report' };

export class FrameReader {
  #rest = Buffer.alloc(0);
  readonly #take: (kind: FrameKind, content: Buffer) => void;

  /** `take` is called in order. A letter that is not known is dropped. */
  constructor(take: (kind: FrameKind, content: Buffer) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    while (data.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + data.readUInt32BE(1);
      if (data.length < end) break;
      const kind = KINDS[String.fromCodePoint(data[0] ?? 0)];
      if (kind !== undefined) this.#take(kind, data.subarray(HEADER_BYTES, end));
      data = data.subarray(end);
    }
    this.#rest = Buffer.from(data);
  }
}

/** Variable-length numbers, texts and blocks of the Yjs wire format. Reads trusted bytes only. */
export type Part = number | string | Uint8Array;

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

/** Numbers become variable-length integers; texts and byte arrays are written with their length before them. */
export function wireBytes(...parts: Part[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from(uint(part));
      const block = typeof part === 'string' ? Buffer.from(part) : part;
      return Buffer.concat([Buffer.from(uint(block.byteLength)), block]);
    }),
  );
}

export class WireReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  uint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new Error('The frame ends in the middle of a number.');
      this.at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  block(): Uint8Array {
    const length = this.uint();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return new TextDecoder().decode(this.block());
  }
}

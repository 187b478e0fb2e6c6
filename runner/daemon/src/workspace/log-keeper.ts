/**
 * Keeps a log's beginning and, above all, its end, in bounded memory. Positions are bytes from its start.
 * Ignores what the bytes say.
 */
const BLOCK_BYTES = 64 * 1024;

export interface KeptLog {
  bytes: Buffer;
  truncated: boolean;
}

export class LogKeeper {
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #blocks: Buffer[] = [];
  #filled = BLOCK_BYTES;
  /** Everything ever appended. */
  #size = 0;
  readonly #head: Buffer[] = [];
  #headSize = 0;
  /** Position of the first byte of `#blocks`. */
  #tailStart = 0;

  constructor(headBytes: number, tailBytes: number) {
    this.#headBytes = headBytes;
    this.#tailBytes = tailBytes;
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Buffer): void {
    const forHead = Math.min(bytes.length, this.#headBytes - this.#headSize);
    if (forHead > 0) {
      this.#head.push(Buffer.from(bytes.subarray(0, forHead)));
      this.#headSize += forHead;
      this.#tailStart = this.#headSize;
    }
    this.#size += bytes.length;
    let rest = bytes.subarray(Math.max(0, forHead));
    while (rest.length > 0) {
      if (this.#filled === BLOCK_BYTES) {
        this.#blocks.push(Buffer.allocUnsafe(BLOCK_BYTES));
        this.#filled = 0;
      }
      const block = this.#blocks.at(-1);
      if (block === undefined) return;
      const taken = rest.copy(block, this.#filled);
      this.#filled += taken;
      rest = rest.subarray(taken);
      while (this.#size - rest.length - this.#tailStart - BLOCK_BYTES >= this.#tailBytes && this.#blocks.length > 1) {
        this.#blocks.shift();
        this.#tailStart += BLOCK_BYTES;
      }
    }
  }

  #tail(): Buffer {
    return this.#size === this.#headSize ? Buffer.alloc(0) : Buffer.concat(this.#blocks).subarray(0, this.#size - this.#tailStart);
  }

  /** Up to `maxBytes` from `offset`, or from the first kept byte after it; `offset` of the answer says which. */
  range(offset: number, maxBytes: number): { offset: number; bytes: Buffer } {
    if (offset < this.#headSize) {
      return { offset, bytes: Buffer.concat(this.#head).subarray(offset, offset + maxBytes) };
    }
    const from = Math.min(Math.max(offset, this.#tailStart), this.#size);
    return { offset: from, bytes: this.#tail().subarray(from - this.#tailStart, from - this.#tailStart + maxBytes) };
  }

  /** The whole log as it is to be stored, with a line that says what was left out. */
  finish(): KeptLog {
    const gap = this.#tailStart - this.#headSize;
    const pieces =
      gap > 0 ? [...this.#head, Buffer.from(`\n… ${gap} bytes of the log left out …\n`), this.#tail()] : [...this.#head, this.#tail()];
    return { bytes: Buffer.concat(pieces), truncated: gap > 0 };
  }
}

/** Cuts bytes into lines. A line that grows beyond the limit is dropped whole. */
export class LineReader {
  #rest = Buffer.alloc(0);
  #dropping = false;
  readonly #maxBytes: number;
  readonly #take: (line: string) => void;

  constructor(maxBytes: number, take: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10)) {
      if (!this.#dropping && end <= this.#maxBytes) this.#take(data.subarray(0, end).toString('utf8'));
      this.#dropping = false;
      data = data.subarray(end + 1);
    }
    if (data.length > this.#maxBytes) this.#dropping = true;
    this.#rest = this.#dropping ? Buffer.alloc(0) : Buffer.from(data);
  }
}

/** Takes apart what Docker sends of an attached container: frames with a head of 8 bytes. Knows nothing of what is in them. */

const HEAD_BYTES = 8;

type Channel = 'stdout' | 'stderr';

/** Hands pieces on as they come, never a whole frame at once: how much is held does not depend on the sender. */
export class OutputFrames {
  readonly #take: (channel: Channel, bytes: Buffer) => void;
  #head = Buffer.alloc(0);
  #channel: Channel = 'stdout';
  /** Bytes of the frame that are still to come. */
  #left = 0;

  constructor(take: (channel: Channel, bytes: Buffer) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const piece = chunk.subarray(at, at + this.#left);
        this.#take(this.#channel, piece);
        this.#left -= piece.length;
        at += piece.length;
        continue;
      }
      const missing = HEAD_BYTES - this.#head.length;
      this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + missing)]);
      at += missing;
      if (this.#head.length < HEAD_BYTES) return;
      this.#channel = this.#head[0] === 2 ? 'stderr' : 'stdout';
      this.#left = this.#head.readUInt32BE(4);
      this.#head = Buffer.alloc(0);
    }
  }
}

/**
 * What one attempt prints, in files: its beginning and, above all, its end, up to a limit. Positions are bytes from its start.
 * Written before the next byte is taken, so that whatever the daemon dies of, the kernel has it. Ignores what the bytes say.
 *
 * A log is cut into parts of equal size, one file each, named by their number; parts between beginning and end are removed.
 */
import { closeSync, createReadStream, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import type { LogArtifact, LogGap } from '@ensemble/protocol';
import { z } from 'zod';

export interface LogLimits {
  partBytes: number;
  headParts: number;
  tailParts: number;
}

const LOG_LIMITS: LogLimits = { partBytes: 1024 ** 2, headParts: 4, tailParts: 60 };

const NEWLINE = 10;
const ABOUT_FILE = 'about.json';
const LogOwner = z.object({ attemptId: z.string(), runId: z.string(), nodeId: z.string() });
export type LogOwner = z.infer<typeof LogOwner>;

export class LogFile {
  readonly #folder: string;
  readonly #owner: LogOwner;
  readonly #limits: LogLimits;
  /** Everything that was written, and what of it is not kept. */
  #size = 0;
  #gap: Required<LogGap> | null = null;
  #open: number | null = null;
  #opened = false;
  #fault: unknown;

  /** Nothing is made before the first byte. */
  constructor(folder: string, owner: LogOwner, limits = LOG_LIMITS) {
    this.#folder = folder;
    this.#owner = owner;
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Never throws: what a full disk does not take is left out, and the log says that its end is missing. */
  append(bytes: Buffer): void {
    if (this.#fault !== undefined) return;
    try {
      for (let rest = bytes; rest.length > 0;) {
        const room = this.#limits.partBytes - (this.#size % this.#limits.partBytes);
        const part = this.#open ?? this.#openPart();
        const taken = writeSync(part, rest, 0, Math.min(room, rest.length));
        this.#size += taken;
        rest = rest.subarray(taken);
        if (this.#size % this.#limits.partBytes === 0) this.#closePart();
      }
    } catch (error) {
      this.#fault = error;
      this.#closePart();
    }
  }

  /** Up to `maxBytes` from `offset`, or from the first kept byte after it; `offset` of the answer says which. */
  range(offset: number, maxBytes: number): { offset: number; bytes: Buffer } {
    const { partBytes } = this.#limits;
    const gap = this.#gap;
    const from = Math.min(gap !== null && offset >= gap.start && offset < gap.end ? gap.end : offset, this.#size);
    const end = Math.min(this.#size, from + maxBytes, gap !== null && from < gap.start ? gap.start : Infinity);
    const bytes = Buffer.alloc(Math.max(0, end - from));
    let filled = 0;
    while (filled < bytes.length) {
      const at = from + filled;
      const within = at % partBytes;
      const part = openSync(this.#partPath(Math.floor(at / partBytes)), 'r');
      try {
        const read = readSync(part, bytes, filled, Math.min(partBytes - within, bytes.length - filled), within);
        if (read === 0) break;
        filled += read;
      } finally {
        closeSync(part);
      }
    }
    return { offset: from, bytes: bytes.subarray(0, filled) };
  }

  /** Null for a log without a byte, and when the store does not take it. */
  async store(store: Pick<ArtifactStore, 'put'>): Promise<LogArtifact | null> {
    if (this.#size === 0) return null;
    const { partBytes } = this.#limits;
    const gap = this.#gap;
    // Most logs are one short part.
    const content = this.#size < partBytes ? this.range(0, partBytes).bytes : readParts(this.#folder);
    const stored = await store.put(content).catch(() => null);
    if (stored === null) return null;
    const truncated = gap !== null || this.#fault !== undefined;
    return { sha256: stored.sha256, bytes: stored.size, truncated, ...(gap === null ? {} : { gap }) };
  }

  /** Ends it; the files go. */
  remove(): void {
    this.#closePart();
    this.#fault ??= 'removed';
    if (this.#opened) rmSync(this.#folder, { recursive: true, force: true });
  }

  #partPath(number: number): string {
    return join(this.#folder, String(number));
  }

  #openPart(): number {
    if (!this.#opened) {
      this.#opened = true;
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.#folder, ABOUT_FILE), JSON.stringify(this.#owner));
    }
    const number = Math.floor(this.#size / this.#limits.partBytes);
    this.#open = openSync(this.#partPath(number), 'w', 0o600);
    const tooOld = number - this.#limits.tailParts - 1;
    if (tooOld >= this.#limits.headParts) this.#drop(tooOld);
    return this.#open;
  }

  #closePart(): void {
    if (this.#open !== null) closeSync(this.#open);
    this.#open = null;
  }

  #drop(number: number): void {
    const { partBytes, headParts } = this.#limits;
    const { bytes } = this.range(number * partBytes, partBytes);
    let lines = this.#gap?.lines ?? 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1;
    this.#gap = { start: headParts * partBytes, end: (number + 1) * partBytes, lines };
    rmSync(this.#partPath(number), { force: true });
  }
}

async function* readParts(folder: string): AsyncGenerator<Uint8Array> {
  for (const number of await partNumbers(folder)) yield* createReadStream(join(folder, String(number))) as AsyncIterable<Uint8Array>;
}

const partNumbers = async (folder: string): Promise<number[]> =>
  (await readdir(folder))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);

/** The logs that a killed daemon left below `root`, stored. Their folders are removed. Skips what cannot be read. */
export async function storeLeftLogs(
  root: string,
  store: Pick<ArtifactStore, 'put'>,
  limits = LOG_LIMITS,
): Promise<{ owner: LogOwner; log: LogArtifact }[]> {
  const found: { owner: LogOwner; log: LogArtifact }[] = [];
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    try {
      const owner = LogOwner.parse(JSON.parse(await readFile(join(folder, ABOUT_FILE), 'utf8')));
      const numbers = await partNumbers(folder);
      const next = numbers.find((number, at) => number !== at);
      const gap = next === undefined ? {} : { gap: { start: numbers.indexOf(next) * limits.partBytes, end: next * limits.partBytes } };
      if (numbers.length > 0 && (await stat(join(folder, String(numbers[0])))).size > 0) {
        const { sha256, size } = await store.put(readParts(folder));
        found.push({ owner, log: { sha256, bytes: size, truncated: next !== undefined, ...gap } });
      }
    } catch {
      // Nobody can tell any more whose it was.
    }
    await rm(folder, { recursive: true, force: true });
  }
  return found;
}

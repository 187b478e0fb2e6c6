/**
 * Which warm sandbox an attempt may use, and which are kept: by trust key and environment, never shared across either.
 * One more is kept for whoever comes first: it has imported and run nothing, and belongs to its first trust key for ever.
 * Knows no sandbox; an attempt that gets none runs in one of its own, while a zygote for the next is started.
 */
import { freemem, totalmem } from 'node:os';
import type { ZygoteProcess } from './zygote-process.ts';

export interface PoolLimits {
  /** Of one trust key and environment: as many as may run at once. */
  perKey: number;
  total: number;
  /** One that served nothing for this long is ended. */
  idleMs: number;
}

interface PoolPorts {
  /** `index` is below `total`, and of no other living zygote. */
  start(environment: string, index: number): ZygoteProcess;
  onRefused(reason: string): void;
}

/** Below this share of free memory none is started, and idle ones are ended. */
const SCARCE_MEMORY = 0.1;
const CHECK_MS = 10_000;
/** After one failed to start, its key runs cold for this long. */
const RETRY_MS = 60_000;
/** How long an attempt waits for the next child. It takes milliseconds; where it takes seconds, a fresh sandbox takes longer. */
const FORK_PATIENCE_MS = 5_000;
/** An unclaimed one imports after what just began: both need the processors. */
const KEEP_AFTER_MS = 2_000;

interface Entry {
  key: string;
  index: number;
  zygote: ZygoteProcess;
}

/** Of the environment's unclaimed one: null. */
const keyOf = (trustKey: string | null, environment: string): string => JSON.stringify([trustKey, environment]);
const freeShare = (): number => freemem() / totalmem();

export class ZygotePool {
  readonly #limits: PoolLimits;
  readonly #ports: PoolPorts;
  readonly #freeShare: () => number;
  readonly #entries = new Set<Entry>();
  /** Zygotes promised to an attempt that has not begun. */
  readonly #promised = new Set<ZygoteProcess>();
  readonly #failedAt = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #kept: string | null = null;
  #keepTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(limits: PoolLimits, ports: PoolPorts, share: () => number = freeShare) {
    this.#limits = limits;
    this.#ports = ports;
    this.#freeShare = share;
    this.#timer = setInterval(() => this.retire(performance.now()), CHECK_MS);
    this.#timer.unref();
  }

  /** From now on there is one for the first attempt of a trust key in this environment, as far as memory and room allow. */
  keep(environment: string): void {
    this.#kept = environment;
    this.#keepLater();
  }

  /** A zygote whose child waits, for this attempt alone; null when there is none. Then one is started, if there is room. */
  async take(trustKey: string, environment: string): Promise<ZygoteProcess | null> {
    const key = keyOf(trustKey, environment);
    if (!this.#has(key)) this.#claim(key, environment);
    const patience = AbortSignal.timeout(FORK_PATIENCE_MS);
    for (;;) {
      const mine = [...this.#entries].filter((entry) => entry.key === key).map(({ zygote }) => zygote);
      const ready = mine.find((zygote) => zygote.state === 'ready' && !this.#promised.has(zygote));
      if (ready !== undefined) {
        this.#promised.add(ready);
        return ready;
      }
      const forking = mine.filter((zygote) => zygote.state === 'forking');
      if (forking.length === 0 || patience.aborted) {
        this.#start(key, environment);
        return null;
      }
      const aborted = new Promise((resolve) => patience.addEventListener('abort', resolve, { once: true }));
      await Promise.race([aborted, ...forking.map((zygote) => zygote.ready())]);
    }
  }

  /** The attempt that took it has begun, or never will. */
  release(zygote: ZygoteProcess): void {
    this.#promised.delete(zygote);
  }

  /** Has one for this key, if there is none. */
  warm(trustKey: string, environment: string): void {
    const key = keyOf(trustKey, environment);
    if (!this.#has(key) && !this.#claim(key, environment)) this.#start(key, environment);
  }

  /** Ends those that are not needed: idle for long, or the least used one while memory is scarce. */
  retire(now: number): void {
    const idle = this.#idle();
    const scarce = this.#freeShare() < SCARCE_MEMORY;
    idle.forEach((entry, at) => {
      const old = now - entry.zygote.usedAt > this.#limits.idleMs && entry.key !== this.#unclaimed;
      if (old || (scarce && at === 0)) this.#end(entry);
    });
    this.#keepLater();
    for (const [key, at] of this.#failedAt) if (now - at > RETRY_MS) this.#failedAt.delete(key);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#keepTimer);
    await Promise.all([...this.#entries].map(({ zygote }) => zygote.close()));
  }

  #has(key: string): boolean {
    return [...this.#entries].some((entry) => entry.key === key);
  }

  get #unclaimed(): string | null {
    return this.#kept === null ? null : keyOf(null, this.#kept);
  }

  /** Gives the unclaimed one, which may still import, to this key. */
  #claim(key: string, environment: string): boolean {
    const free = [...this.#entries].find((entry) => entry.key === keyOf(null, environment) && !this.#promised.has(entry.zygote));
    if (free === undefined) return false;
    free.key = key;
    free.zygote.usedAt = performance.now();
    this.#keepLater();
    return true;
  }

  #keepLater(): void {
    if (this.#closed || this.#kept === null || this.#keepTimer !== undefined) return;
    this.#keepTimer = setTimeout(() => {
      this.#keepTimer = undefined;
      const [key, environment] = [this.#unclaimed, this.#kept];
      // Nobody's warm sandbox is ended for one that nobody asked for.
      if (key !== null && environment !== null && !this.#has(key) && this.#entries.size < this.#limits.total) this.#start(key, environment);
    }, KEEP_AFTER_MS);
    this.#keepTimer.unref();
  }

  /** Least used first. */
  #idle(): Entry[] {
    return [...this.#entries]
      .filter(({ zygote }) => zygote.state === 'ready' && !this.#promised.has(zygote))
      .toSorted((a, b) => a.zygote.usedAt - b.zygote.usedAt);
  }

  #start(key: string, environment: string): void {
    if (this.#closed || this.#failedAt.has(key) || this.#freeShare() < SCARCE_MEMORY) return;
    const entries = [...this.#entries];
    const mine = entries.filter((entry) => entry.key === key);
    if (mine.length >= this.#limits.perKey || mine.some(({ zygote }) => zygote.state === 'importing')) return;
    if (entries.length >= this.#limits.total) {
      // The uid of the one that goes may be used when nothing of it is left, which is not now.
      const least = this.#idle().find((entry) => entry.key !== key);
      if (least !== undefined) this.#end(least);
      return;
    }
    const used = new Set(entries.map(({ index }) => index));
    let index = 0;
    while (used.has(index)) index += 1;
    const zygote = this.#ports.start(environment, index);
    const entry: Entry = { key, index, zygote };
    this.#entries.add(entry);
    let wasReady = false;
    void zygote.ready().then(() => (wasReady = zygote.state !== 'gone'));
    void zygote.gone.then((reason) => {
      this.#entries.delete(entry);
      this.#promised.delete(zygote);
      if (!wasReady && !this.#closed) this.#failedAt.set(key, performance.now());
      if (reason !== '') this.#ports.onRefused(reason);
    });
  }

  #end(entry: Entry): void {
    // No attempt gets it from now on.
    this.#promised.add(entry.zygote);
    void entry.zygote.close();
  }
}

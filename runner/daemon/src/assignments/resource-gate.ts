/**
 * What this machine gives at once: slots, cores, memory and GPUs. Nothing begins before there is room for it, first come,
 * first served. The control plane reckons the same way; this is what holds when its picture is behind. Does no I/O.
 */
import type { Need } from '@ensemble/protocol';

export interface Capacity {
  slots: number;
  cpus: number;
  memoryBytes: number;
  gpus: number;
}

export interface ResourceLease {
  /** Numbers of the GPUs that are its own. */
  gpus: readonly number[];
  leave(): void;
}

type Share = Omit<Capacity, 'slots'>;

/** Shares are fractions: what is left of them after adding up is no lack. */
const ROUNDING = 1e-6;

export class ResourceGate {
  readonly #capacity: Capacity;
  readonly #free: Share;
  readonly #freeGpus: number[];
  readonly #waiting: { share: Share; enter(): void }[] = [];

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
    this.#free = { ...capacity };
    this.#freeGpus = Array.from({ length: capacity.gpus }, (_, index) => index);
  }

  /** Settles when there is room. What asks for more than there is gets all of it, alone: its limit is what it asked for. */
  async enter(need: Need): Promise<ResourceLease> {
    const { slots, cpus, memoryBytes, gpus } = this.#capacity;
    const share: Share = {
      cpus: Math.min(cpus, need.cpus ?? cpus / slots),
      memoryBytes: Math.min(memoryBytes, need.memoryBytes ?? memoryBytes / slots),
      gpus: Math.min(gpus, need.gpus),
    };
    if (this.#waiting.length > 0 || !this.#hasRoom(share)) {
      await new Promise<void>((enter) => this.#waiting.push({ share, enter }));
    } else this.#take(share, -1);
    const own = this.#freeGpus.splice(0, share.gpus);
    let left = false;
    return {
      gpus: own,
      leave: () => {
        if (left) return;
        left = true;
        this.#freeGpus.push(...own);
        this.#take(share, 1);
        this.#letIn();
      },
    };
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.share); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#take(next.share, -1);
      next.enter();
    }
  }

  #hasRoom(share: Share): boolean {
    const { cpus, memoryBytes, gpus } = this.#free;
    return share.cpus <= cpus + ROUNDING && share.memoryBytes <= memoryBytes + 1 && share.gpus <= gpus;
  }

  #take(share: Share, sign: 1 | -1): void {
    this.#free.cpus += sign * share.cpus;
    this.#free.memoryBytes += sign * share.memoryBytes;
    this.#free.gpus += sign * share.gpus;
  }
}

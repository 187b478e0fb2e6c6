/**
 * Chooses the runner for each attempt that waits (RUNNER-5 … RUNNER-7). Pure: told what happens, it says what to hand out.
 * The backlog stays here; a runner is given what it can execute now and half as much again, so that it never waits for news.
 */
import type { Need } from '@ensemble/protocol';
import { FairQueue, needKey, type WaitingAttempt } from './fair-queue.ts';

/** What a runner can give, and whether it may be given anything. */
export interface RunnerCapacity {
  runnerId: string;
  pools: readonly string[];
  slots: number;
  cpus: number;
  memoryBytes: number;
  gpus: number;
  /** False: it is cordoned or shutting down. */
  takes: boolean;
}

export interface Placement<T> {
  entry: T;
  runnerId: string;
  /** Counts the placements of this dispatcher: the same attempt placed anew has another number. */
  number: number;
}

interface Placed<T> extends Placement<T> {
  charged: number;
  /** A runner has claimed it. */
  claimedAt: number | undefined;
}

interface Room {
  runner: RunnerCapacity;
  /** Attempts placed here, claimed or not. */
  placed: number;
  cpus: number;
  memoryBytes: number;
  gpus: number;
}

/** Beyond its slots, for each slot. */
const AHEAD = 0.5;
/** What has been passed over for so long, because nothing has room for it, gets the next runner that could hold it. */
const PASSED_OVER_MS = 20_000;

export class Dispatcher<T extends WaitingAttempt> {
  readonly #queue = new FairQueue<T>();
  readonly #placed = new Map<string, Placed<T>>();
  /** When a need was first passed over. */
  readonly #passedOver = new Map<string, number>();
  /** Where a run was last: its scratch folder and its warm sandboxes are there. */
  readonly #lastRunner = new Map<string, string>();
  #runners: ReadonlyMap<string, RunnerCapacity> = new Map();
  #count = 0;

  /** Unknown attempts wait from now on; what waits or is placed stays as it is. */
  put(entry: T): void {
    if (!this.#placed.has(entry.attemptId)) this.#queue.add(entry);
  }

  /** A runner executes it, wherever it was placed. */
  claimed(entry: T, runnerId: string, now: number): void {
    const placed = this.#placed.get(entry.attemptId);
    if (placed?.claimedAt !== undefined && placed.runnerId === runnerId) return;
    let charged = placed?.charged ?? 0;
    if (!placed) {
      this.#queue.remove(entry.attemptId);
      this.#queue.goesOn(entry.projectId);
      charged = 0;
    }
    this.#placed.set(entry.attemptId, { entry, runnerId, number: placed?.number ?? 0, charged, claimedAt: now });
    this.#lastRunner.set(entry.runId, runnerId);
  }

  /** The attempt is over. */
  ended(attemptId: string, now: number): void {
    this.#queue.remove(attemptId);
    const placed = this.#placed.get(attemptId);
    if (!placed) return;
    this.#placed.delete(attemptId);
    this.#queue.settle(placed.entry, placed.charged, placed.claimedAt === undefined ? undefined : now - placed.claimedAt);
  }

  /** Its attempts, waiting or handed out. */
  ofRun(runId: string): T[] {
    return [...this.#queue.values(), ...[...this.#placed.values()].map((placed) => placed.entry)].filter((entry) => entry.runId === runId);
  }

  runEnded(runId: string): void {
    this.#lastRunner.delete(runId);
  }

  /** The runners of this moment. What was placed at one that is gone, or takes nothing any more, and is not claimed waits again. */
  setRunners(runners: readonly RunnerCapacity[]): void {
    this.#runners = new Map(runners.map((runner) => [runner.runnerId, runner]));
    this.takeBack((placed) => this.#runners.get(placed.runnerId)?.takes !== true);
  }

  /** What is placed, not claimed, and fits `which` waits again. */
  takeBack(which: (placement: Placement<T>) => boolean = () => true): void {
    for (const placed of this.#placed.values()) {
      if (placed.claimedAt !== undefined || !which(placed)) continue;
      this.#placed.delete(placed.entry.attemptId);
      this.#queue.settle(placed.entry, placed.charged, undefined);
      this.#queue.add(placed.entry);
    }
  }

  /** Attempts that this runner was given and has not claimed, oldest first. */
  unclaimedAt(runnerId: string): Placement<T>[] {
    return [...this.#placed.values()].filter((placed) => placed.runnerId === runnerId && placed.claimedAt === undefined);
  }

  isPlaced({ entry, number }: Placement<T>): boolean {
    const placed = this.#placed.get(entry.attemptId);
    return placed?.number === number && placed.claimedAt === undefined;
  }

  /** What is to be handed out now. */
  place(now: number): Placement<T>[] {
    const rooms = this.#rooms();
    const placements: Placement<T>[] = [];
    if (rooms.length === 0) return placements;
    const unfit = new Set<string>();
    for (const entry of this.#queue.inTurn(unfit)) {
      const room = this.#choose(rooms, entry);
      const key = needKey(entry.need);
      if (room) {
        this.#passedOver.delete(key);
        placements.push(this.#assign(entry, room));
        if (rooms.every((each) => each.placed >= ahead(each.runner))) break;
        continue;
      }
      unfit.add(key);
      this.#keepRoomFor(entry.need, key, rooms, now);
    }
    placements.push(...this.#moveWhatWaitsElsewhere(rooms));
    return placements;
  }

  /** What no runner executes yet: first what is handed out, then the rest by turn. See `Waiting`. */
  *inTurn(skipped: ReadonlySet<string>): Generator<T> {
    for (const placed of this.#placed.values()) if (placed.claimedAt === undefined) yield placed.entry;
    yield* this.#queue.inTurn(skipped);
  }

  *all(): Generator<T> {
    for (const placed of this.#placed.values()) if (placed.claimedAt === undefined) yield placed.entry;
    yield* this.#queue.values();
  }

  #rooms(): Room[] {
    const rooms = new Map(
      [...this.#runners.values()]
        .filter((runner) => runner.takes)
        .map((runner) => [
          runner.runnerId,
          { runner, placed: 0, cpus: runner.cpus, memoryBytes: runner.memoryBytes, gpus: runner.gpus } satisfies Room,
        ]),
    );
    for (const { entry, runnerId } of this.#placed.values()) {
      const room = rooms.get(runnerId);
      if (room) occupy(room, entry.need);
    }
    return [...rooms.values()];
  }

  #choose(rooms: readonly Room[], { need, runId }: T): Room | undefined {
    const open = rooms.filter(({ runner }) => runner.pools.includes(need.pool));
    const free = open.filter((room) => room.placed < room.runner.slots && hasRoom(room, need));
    if (free.length > 0) {
      const last = this.#lastRunner.get(runId);
      return (
        free.find(({ runner }) => runner.runnerId === last) ??
        free.reduce((best, room) => (freeSlots(room) > freeSlots(best) ? room : best))
      );
    }
    // Nothing is promised ahead to a step that asks for something of its own: the room may go to another.
    if (need.cpus !== undefined || need.memoryBytes !== undefined || need.gpus > 0) return undefined;
    return open
      .filter((room) => room.placed >= room.runner.slots && room.placed < ahead(room.runner))
      .toSorted((a, b) => freeSlots(b) - freeSlots(a))[0];
  }

  #assign(entry: T, room: Room): Placement<T> {
    occupy(room, entry.need);
    const charged = this.#queue.take(entry);
    return this.#remember(entry, room, charged);
  }

  #remember(entry: T, { runner }: Room, charged: number): Placement<T> {
    const placement = { entry, runnerId: runner.runnerId, number: (this.#count += 1) };
    this.#placed.set(entry.attemptId, { ...placement, charged, claimedAt: undefined });
    this.#lastRunner.set(entry.runId, runner.runnerId);
    return placement;
  }

  /** RUNNER-7: small steps may not keep a big one waiting for ever. */
  #keepRoomFor(need: Need, key: string, rooms: Room[], now: number): void {
    const since = this.#passedOver.get(key);
    if (since === undefined) this.#passedOver.set(key, now);
    if (since === undefined || now - since < PASSED_OVER_MS) return;
    const kept = rooms.filter(({ runner }) => fitsAtAll(runner, need)).toSorted((a, b) => a.placed - b.placed)[0];
    if (kept) rooms.splice(rooms.indexOf(kept), 1);
  }

  /** A runner with nothing to do takes over what another has not begun. */
  #moveWhatWaitsElsewhere(rooms: readonly Room[]): Placement<T>[] {
    const moved: Placement<T>[] = [];
    for (const idle of rooms) {
      while (idle.placed < idle.runner.slots) {
        const crowded = rooms.filter((room) => room.placed > room.runner.slots).toSorted((a, b) => freeSlots(a) - freeSlots(b));
        const found = crowded
          .flatMap((room) => this.unclaimedAt(room.runner.runnerId).map((placement) => ({ room, placement })))
          .findLast(({ placement: { entry } }) => idle.runner.pools.includes(entry.need.pool) && hasRoom(idle, entry.need));
        if (!found) break;
        const { room, placement } = found;
        room.placed -= 1;
        occupy(idle, placement.entry.need);
        moved.push(this.#remember(placement.entry, idle, this.#placed.get(placement.entry.attemptId)!.charged));
      }
    }
    return moved;
  }
}

const ahead = ({ slots }: RunnerCapacity): number => slots + Math.ceil(slots * AHEAD);
const freeSlots = ({ runner, placed }: Room): number => runner.slots - placed;

/** A slot's share for what asks for nothing of its own. */
const taken = ({ slots, cpus, memoryBytes }: RunnerCapacity, need: Need): { cpus: number; memoryBytes: number; gpus: number } => ({
  cpus: need.cpus ?? cpus / slots,
  memoryBytes: need.memoryBytes ?? memoryBytes / slots,
  gpus: need.gpus,
});

function occupy(room: Room, need: Need): void {
  const takes = taken(room.runner, need);
  room.placed += 1;
  room.cpus -= takes.cpus;
  room.memoryBytes -= takes.memoryBytes;
  room.gpus -= takes.gpus;
}

/** Shares are fractions: what is left of them after adding up is no lack. */
const ROUNDING = 1e-6;

function hasRoom(room: Room, need: Need): boolean {
  const takes = taken(room.runner, need);
  const holds = (has: number, wants: number): boolean => wants <= has + ROUNDING * Math.max(1, wants);
  return holds(room.cpus, takes.cpus) && holds(room.memoryBytes, takes.memoryBytes) && takes.gpus <= room.gpus;
}

/** Could it execute this if it did nothing else? */
export const fitsAtAll = (runner: RunnerCapacity, need: Need): boolean =>
  runner.pools.includes(need.pool) &&
  (need.cpus ?? 0) <= runner.cpus &&
  (need.memoryBytes ?? 0) <= runner.memoryBytes &&
  need.gpus <= runner.gpus;

/**
 * Single flight: which step is making the result of a key at this moment, and who waits for it. Only this process's runs;
 * it is built anew from them after a start. Pure bookkeeping.
 */
export interface Place {
  runId: string;
  nodeId: string;
}

export class Flights {
  readonly #makers = new Map<string, Place>();
  readonly #keys = new Map<string, string>();
  readonly #waiting = new Map<string, Map<string, Place>>();

  /** The step that makes it; undefined when nobody does. */
  makerOf(key: string): Place | undefined {
    return this.#makers.get(key);
  }

  /** From now on the step makes it, unless another one does already, which is returned. */
  claim(key: string, place: Place): Place | undefined {
    const maker = this.#makers.get(key);
    if (maker && !isSame(maker, place)) return maker;
    this.#makers.set(key, place);
    this.#keys.set(nameOf(place), key);
    return undefined;
  }

  /** Tell it when the maker is done. */
  wait(key: string, place: Place): void {
    let places = this.#waiting.get(key);
    if (!places) this.#waiting.set(key, (places = new Map()));
    places.set(nameOf(place), place);
  }

  isWaiting(key: string, place: Place): boolean {
    return this.#waiting.get(key)?.has(nameOf(place)) ?? false;
  }

  /** The step makes nothing any more. Returns who waited for it. */
  end(place: Place): Place[] {
    const key = this.#keys.get(nameOf(place));
    if (key === undefined) return [];
    this.#keys.delete(nameOf(place));
    this.#makers.delete(key);
    const places = [...(this.#waiting.get(key)?.values() ?? [])];
    this.#waiting.delete(key);
    return places;
  }

  /** The same for all steps of a run. */
  endRun(runId: string): Place[] {
    const places = [...this.#makers.values()].filter((place) => place.runId === runId);
    return places.flatMap((place) => this.end(place));
  }
}

const isSame = (a: Place, b: Place): boolean => a.runId === b.runId && a.nodeId === b.nodeId;
const nameOf = ({ runId, nodeId }: Place): string => JSON.stringify([runId, nodeId]);

/**
 * Reads a Yjs update before it is let in: is it one, does it touch only what it may, and does the document already have
 * everything it builds on? Changes nothing and knows nothing of people.
 */
import * as Y from 'yjs';
import type { RootShape } from './document-rules.ts';

const NESTED_TYPES: ReadonlySet<unknown> = new Set([Y.Map, Y.Array, Y.Text]);

export type Inspection =
  | { verdict: 'complete' }
  /**
   * It builds on changes that are not here. Normal for somebody who comes back and types on before their offline edits
   * were asked for; Yjs sets it aside until those arrive.
   */
  | { verdict: 'waits' }
  | { verdict: 'refused'; problem: string };

const refused = (problem: string): Inspection => ({ verdict: 'refused', problem });

/** Never throws. */
export function inspectUpdate(document: Y.Doc, update: Uint8Array, roots: ReadonlyMap<string, RootShape>): Inspection {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    return refused('not a Yjs update');
  }
  let complete = true;
  const reach = new Map<number, number>();
  const reachOf = (client: number): number => {
    let clock = reach.get(client);
    if (clock === undefined) reach.set(client, (clock = Y.getState(document.store, client)));
    return clock;
  };
  for (const struct of decoded.structs) {
    const { client, clock } = struct.id;
    if (struct instanceof Y.Skip) continue;
    if (clock > reachOf(client)) complete = false;
    else reach.set(client, Math.max(reachOf(client), clock + struct.length));
  }
  const need = (id: Y.ID | null): void => {
    if (id !== null && id.clock >= reachOf(id.client)) complete = false;
  };
  for (const struct of decoded.structs) {
    if (!(struct instanceof Y.Item)) continue;
    // A struct without a parent of its own sits beside its origin, which was inspected when it came.
    const parent: unknown = struct.parent;
    if (typeof parent === 'string') {
      const shape = roots.get(parent);
      if (shape === undefined) return refused('touches a root that this kind of document does not have');
      if ((shape === 'map') !== (struct.parentSub !== null)) return refused('gives a root another shape');
    } else if (parent instanceof Y.ID) need(parent);
    need(struct.origin);
    need(struct.rightOrigin);
    if (struct.content instanceof Y.ContentDoc) return refused('holds a nested document');
    if (struct.content instanceof Y.ContentType && !NESTED_TYPES.has(struct.content.type.constructor)) {
      return refused('holds a type that has no use here');
    }
  }
  for (const [client, ranges] of decoded.ds.clients) {
    if (ranges.some((range) => range.clock + range.len > reachOf(client))) complete = false;
  }
  return complete ? { verdict: 'complete' } : { verdict: 'waits' };
}

/** Bytes of what was set aside. */
export const waitingBytes = ({ store }: Y.Doc): number =>
  (store.pendingStructs?.update.byteLength ?? 0) + (store.pendingDs?.byteLength ?? 0);

/** True when the document has all of it. A client that reconnects sends everything it ever deleted: no news. */
export const alreadyHas = (document: Y.Doc, update: Uint8Array): boolean => Y.snapshotContainsUpdate(Y.snapshot(document), update);

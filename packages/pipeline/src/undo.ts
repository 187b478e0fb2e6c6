/**
 * Undo of one person's own edits in one document. Knows the layout only as far as it must: which
 * container is a node, and which of its keys a node cannot be without.
 *
 * UNDO-1 A key whose present value was written by another peer keeps that value through my undo and redo.
 * UNDO-2 My undo of adding a node, and my redo of deleting one, pass over a node that another peer has written into since.
 * UNDO-3 Edits of the same thing within `groupMs` (typing in a field, dragging the same nodes) are one step; all others are a step each.
 * UNDO-4 No undo leaves a node without card, position, title or config, or a note or frame without a part it was made with:
 *        where the earlier value cannot be put back, because a colleague wrote at the same time, the present one stays.
 *        (Yjs by itself would remove the key.)
 * UNDO-5 A node that an undo brings back has every key it had when I deleted it, also those that a colleague changed
 *        at the same time (that change is lost: Yjs keeps no content of writes into deleted things).
 */
import * as Y from 'yjs';
import { pipelineRoots } from './layout.ts';

const GROUP = Symbol('undo group');
const NEEDED = new Set(['card', 'pos', 'title', 'config', 'kind', 'color', 'text']);

/** Names the thing that a transaction edits. */
export const markUndoGroup = (transaction: Y.Transaction, group: string): void => void transaction.meta.set(GROUP, group);

export interface UndoOptions {
  /** Milliseconds of pause that end a step of typing. Default 1000; 0 makes every transaction a step. */
  groupMs?: number;
}

/** Tracks the transactions with this origin and no others. Destroy it with the document's session. */
export function createUndo(doc: Y.Doc, origin: unknown, options: UndoOptions = {}): Y.UndoManager {
  return new PipelineUndo(doc, origin, options.groupMs ?? 1_000);
}

type Step = Y.UndoManager['undoStack'][number];

class PipelineUndo extends Y.UndoManager {
  #nodes: Y.Map<unknown>;
  #meta: Y.Map<unknown>;
  /** The step that the undo or redo under way plays. */
  #step: Step | undefined;

  constructor(doc: Y.Doc, origin: unknown, groupMs: number) {
    const { nodes, edges, meta } = pipelineRoots(doc);
    let lastGroup: unknown;
    super([nodes, edges, meta], {
      trackedOrigins: new Set([origin]),
      captureTimeout: groupMs,
      captureTransaction: (transaction) => {
        if (transaction.origin !== origin) return true;
        const group: unknown = transaction.meta.get(GROUP);
        if (group === undefined || group !== lastGroup) this.stopCapturing();
        lastGroup = group;
        return true;
      },
      deleteFilter: (item) => this.#mayDelete(item),
    });
    this.#nodes = nodes;
    this.#meta = meta;
  }

  override undo(): ReturnType<Y.UndoManager['undo']> {
    return this.#take('undoing', this.undoStack, () => super.undo());
  }

  override redo(): ReturnType<Y.UndoManager['redo']> {
    return this.#take('redoing', this.redoStack, () => super.redo());
  }

  /** Pops and repairs in one transaction. `direction` must still be set when that ends: then Yjs files the opposite step. */
  #take(direction: 'undoing' | 'redoing', stack: Step[], pop: () => Step | null): Step | null {
    try {
      return this.doc.transact((transaction) => {
        // Yjs takes step after step until one changes something.
        stack.pop = () => {
          this.#step = Array.prototype.pop.call(stack) as Step | undefined;
          if (this.#step) this.#step.deletions = this.#withoutTaken(transaction, this.#step.deletions);
          return this.#step;
        };
        const placeless = this.#withoutPlace();
        const taken = this.#popSafely(pop);
        this[direction] = true;
        if (taken) this.#completeRevived(taken);
        for (const [id, node] of this.#withoutPlace()) if (!placeless.has(id)) node.set('pos', [0, 0]);
        return taken;
      }, this);
    } finally {
      this[direction] = false;
      this.#step = undefined;
      Reflect.deleteProperty(stack, 'pop');
    }
  }

  /**
   * Yjs 13.6.33 throws a TypeError (`redoItem` reads `right` of a collected struct) when a value it is to put back was
   * revived, forgotten with the redo steps and collected. What it did until then stands and is completed; the fuzz has the seed.
   */
  #popSafely(pop: () => Step | null): Step | null {
    try {
      return pop();
    } catch (error) {
      if (error instanceof TypeError && this.#step) return this.#step;
      throw error;
    }
  }

  /**
   * UNDO-1: without the values that would come back over a colleague's. Yjs looks for that in the container a value was
   * deleted from; when an undo has made a new copy of that container since, it would overwrite whatever is in the copy.
   */
  #withoutTaken(transaction: Y.Transaction, deletions: Step['deletions']): Step['deletions'] {
    const structs: (Y.Item | Y.GC)[] = [];
    Y.iterateDeletedStructs(transaction, deletions, (struct) => void structs.push(struct));
    const taken = new Set(structs.filter((struct) => struct instanceof Y.Item && this.#isTaken(struct)));
    if (taken.size === 0) return deletions;
    const kept = Y.createDeleteSet();
    for (const struct of structs) {
      if (taken.has(struct)) continue;
      const { client, clock } = struct.id;
      const range = { clock, len: struct.length };
      const ranges = kept.clients.get(client);
      if (ranges) ranges.push(range);
      else kept.clients.set(client, [range]);
    }
    return kept;
  }

  #isTaken(item: Y.Item): boolean {
    const parent: unknown = item.parent;
    if (item.parentSub === null || item.redone !== null || !(parent instanceof Y.AbstractType) || parent._item === null) return false;
    const present = typeOf(this.#lastCopy(parent._item))?._map.get(item.parentSub);
    return present !== undefined && !present.deleted && present.id.client !== this.doc.clientID;
  }

  /** UNDO-5: Yjs leaves out the keys of a revived node that a colleague wrote to while it was deleted. */
  #completeRevived(step: Step): void {
    for (const item of this.#nodes._map.values()) {
      for (let old = item.left; old !== null; old = old.left) {
        if (Y.isDeleted(step.deletions, old.id) && this.#lastCopy(old) === item && !item.deleted) completeCopy(old, item, step);
      }
    }
  }

  /** UNDO-4 where Yjs collected the value that was to come back: a node at the origin can be moved, one without a place cannot be read. */
  #withoutPlace(): Map<string, Y.Map<unknown>> {
    const found = new Map<string, Y.Map<unknown>>();
    for (const [id, node] of this.#nodes) if (node instanceof Y.Map && !node.has('pos')) found.set(id, node);
    return found;
  }

  /** Asked for every item that the step inserted, after the values it had replaced were put back where that is possible. */
  #mayDelete(item: Y.Item): boolean {
    if (item.deleted) return true;
    if (item.parent === this.#meta && item.parentSub === 'schemaVersion') return false;
    const node = this.#nodeOf(item);
    if (!node) return true;
    // The container is asked about by itself and takes its keys along.
    if (item !== node && item.parent === typeOf(node) && isNeeded(node, item.parentSub ?? '')) return false;
    return !(this.#step && this.#wouldDelete(this.#step, node) && writtenByOthers(node, this.doc.clientID));
  }

  #nodeOf(item: Y.Item): Y.Item | undefined {
    for (let at: Y.Item | null = item; at !== null;) {
      const parent: unknown = at.parent;
      if (parent === this.#nodes) return at;
      at = parent instanceof Y.AbstractType ? parent._item : null;
    }
    return undefined;
  }

  /** True when the step inserted this node, or an earlier copy of it that an undo brought back as this one. */
  #wouldDelete(step: Step, node: Y.Item): boolean {
    for (let copy: Y.Item | null = node; copy !== null; copy = copy.left) {
      if (Y.isDeleted(step.insertions, copy.id) && this.#lastCopy(copy) === node) return true;
    }
    return false;
  }

  #lastCopy(item: Y.Item): Y.Item {
    let copy = item;
    // What was collected is no Item any more, whatever the type says.
    while (copy instanceof Y.Item && copy.redone !== null) copy = Y.getItem(this.doc.store, copy.redone);
    return copy;
  }
}

const typeOf = (item: Y.Item): Y.AbstractType<unknown> | undefined =>
  item.content instanceof Y.ContentType ? (item.content.type as Y.AbstractType<unknown>) : undefined;

/** A card may be without a size; a note or a frame has one from the start. */
const isNeeded = (node: Y.Item, key: string): boolean => NEEDED.has(key) || (key === 'size' && typeOf(node)?._map.has('kind') === true);

/** Writes what the deleted container held and its live copy lacks; goes into `config`, which both have. */
function completeCopy(old: Y.Item, copy: Y.Item, step: Step): void {
  const from = typeOf(old);
  const to = typeOf(copy);
  if (!from || !(to instanceof Y.Map)) return;
  for (const [key, last] of from._map) {
    let lost: Y.Item | null = last;
    while (lost !== null && !(Y.isDeleted(step.deletions, lost.id) && !(lost.content instanceof Y.ContentDeleted))) lost = lost.left;
    const present = to._map.get(key);
    if (lost === null) continue;
    if (present && !present.deleted) completeCopy(lost, present, step);
    else if (lost.content instanceof Y.ContentAny) to.set(key, lost.content.getContent().at(-1));
  }
}

function writtenByOthers(container: Y.Item, me: number): boolean {
  const type = typeOf(container);
  for (const item of type?._map.values() ?? []) {
    if (!item.deleted && (item.id.client !== me || writtenByOthers(item, me))) return true;
  }
  // The characters of a note.
  for (let item = type?._start ?? null; item !== null; item = item.right) if (!item.deleted && item.id.client !== me) return true;
  return false;
}

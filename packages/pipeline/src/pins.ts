/**
 * A pinned node is not executed: runs take its result from an earlier run. This is the key in the document, and which
 * other nodes a run can leave out because of it. Knows neither runs nor whether the result still exists.
 */
import type * as Y from 'yjs';
import { refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import type { Pin } from './model.ts';
import { kindOf, nodeMap } from './read-values.ts';
import type { Arrow } from './topology.ts';

const RUN_ID = /^[\w-]{1,64}$/;

/** The value of a node's key `pin`; undefined where there is none, or none that can be read. */
export function readPin(value: unknown, repaired?: string[]): Pin | undefined {
  if (value === undefined) return undefined;
  const runId: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, 'runId') ? (value as Partial<Pin>).runId : undefined;
  if (typeof runId === 'string' && RUN_ID.test(runId)) return { runId };
  repaired?.push('pin');
  return undefined;
}

/** Undefined takes the pin off. Nodes that are gone are passed over. */
export function setPin(doc: Y.Doc, ids: readonly string[], pin: Pin | undefined, origin: unknown): EditResult<{ changed: number }> {
  if (pin && !readPin(pin)) return refuse('invalid', 'A result is pinned by the id of its run: letters, digits, - and _, at most 64.');
  const { nodes } = pipelineRoots(doc);
  const maps = ids
    .flatMap((id) => nodeMap(nodes.get(id)) ?? [])
    .filter((map) => kindOf(map) === 'card' && (pin ? readPin(map.get('pin'))?.runId !== pin.runId : map.has('pin')));
  if (maps.length === 0) return { ok: true, changed: 0 };
  doc.transact(() => {
    for (const map of maps) {
      if (pin) map.set('pin', { runId: pin.runId });
      else map.delete('pin');
    }
  }, origin);
  return { ok: true, changed: maps.length };
}

/**
 * Nodes whose results only pinned nodes would take, directly or through each other: there is no use in running them.
 * A node that nothing is connected to is an end in itself and is never among them.
 */
export function feedsPinnedOnly(edges: readonly Arrow[], pinned: ReadonlySet<string>): Set<string> {
  const idle = new Set<string>();
  if (pinned.size === 0) return idle;
  /** How many edges leave a node towards one that takes its result. */
  const takers = new Map<string, number>();
  const sources = new Map<string, string[]>();
  for (const { source, target } of edges) {
    takers.set(source, (takers.get(source) ?? 0) + 1);
    const list = sources.get(target);
    if (list) list.push(source);
    else sources.set(target, [source]);
  }
  const open = [...pinned];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const source of sources.get(node) ?? []) {
      const left = takers.get(source)! - 1;
      takers.set(source, left);
      if (left > 0 || pinned.has(source)) continue;
      idle.add(source);
      open.push(source);
    }
  }
  return idle;
}

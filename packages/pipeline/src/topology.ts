/** Questions about the shape of a directed graph. Knows node ids only; edges whose ends are not among the ids are passed over. */
import { compareText } from './model.ts';

export interface Arrow {
  source: string;
  target: string;
}

export interface Topology {
  /** Every node once, each after all its sources, ties in code-unit order; nodes on or behind a cycle are missing. */
  order: string[];
  /** Groups of nodes that reach each other, each sorted; a node with an edge to itself is a group of one. */
  cycles: string[][];
  sources: ReadonlyMap<string, ReadonlySet<string>>;
  targets: ReadonlyMap<string, ReadonlySet<string>>;
}

export function topologyOf(ids: Iterable<string>, arrows: Iterable<Arrow>): Topology {
  const sources = new Map<string, Set<string>>();
  const targets = new Map<string, Set<string>>();
  for (const id of [...ids].sort(compareText)) {
    sources.set(id, new Set());
    targets.set(id, new Set());
  }
  for (const { source, target } of arrows) {
    if (!sources.has(source) || !sources.has(target)) continue;
    sources.get(target)!.add(source);
    targets.get(source)!.add(target);
  }
  const order = sortTopologically(sources, targets);
  const cycles = order.length === sources.size ? [] : findCycles(targets, new Set(order));
  return { order, cycles, sources, targets };
}

function sortTopologically(sources: ReadonlyMap<string, ReadonlySet<string>>, targets: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const waiting = new Map([...sources].map(([id, from]) => [id, from.size]));
  const order: string[] = [];
  let ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  while (ready.length > 0) {
    const next: string[] = [];
    for (const id of ready) {
      order.push(id);
      for (const target of targets.get(id)!) {
        const left = waiting.get(target)! - 1;
        waiting.set(target, left);
        if (left === 0) next.push(target);
      }
    }
    ready = next.sort(compareText);
  }
  return order;
}

/** Tarjan's strongly connected components, without recursion: a chain of 10,000 nodes must not overflow the stack. */
function findCycles(targets: ReadonlyMap<string, ReadonlySet<string>>, done: ReadonlySet<string>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const cycles: string[][] = [];
  const enter = (id: string) => {
    index.set(id, index.size);
    low.set(id, index.get(id)!);
    open.push(id);
    isOpen.add(id);
    return { id, rest: targets.get(id)!.values() };
  };
  for (const root of targets.keys()) {
    if (done.has(root) || index.has(root)) continue;
    const path = [enter(root)];
    while (path.length > 0) {
      const { id, rest } = path.at(-1)!;
      const next = rest.next();
      if (!next.done) {
        if (!index.has(next.value)) path.push(enter(next.value));
        else if (isOpen.has(next.value)) low.set(id, Math.min(low.get(id)!, index.get(next.value)!));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low.set(parent.id, Math.min(low.get(parent.id)!, low.get(id)!));
      if (low.get(id) !== index.get(id)) continue;
      const group = open.splice(open.lastIndexOf(id));
      for (const member of group) isOpen.delete(member);
      if (group.length > 1 || targets.get(id)!.has(id)) cycles.push(group.sort(compareText));
    }
  }
  return cycles.sort((a, b) => compareText(a[0]!, b[0]!));
}

/** All nodes from which these can be reached, without these themselves unless they lie on a cycle. */
export const ancestors = (topology: Topology, ids: Iterable<string>): Set<string> => reach(topology.sources, ids);

/** All nodes that these reach, without these themselves unless they lie on a cycle. */
export const descendants = (topology: Topology, ids: Iterable<string>): Set<string> => reach(topology.targets, ids);

/** What must have run for these to be done: these nodes and their ancestors. */
export function upstreamClosure(topology: Topology, ids: Iterable<string>): Set<string> {
  const wanted = [...ids].filter((id) => topology.sources.has(id));
  return new Set([...wanted, ...ancestors(topology, wanted)]);
}

function reach(step: ReadonlyMap<string, ReadonlySet<string>>, ids: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...ids];
  while (open.length > 0) {
    for (const next of step.get(open.pop()!) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}

/** Columns for a left-to-right layout: each node one column behind its furthest source. Nodes on cycles come last. */
export function layersOf(topology: Topology): string[][] {
  const column = new Map<string, number>();
  for (const id of topology.order) {
    let furthest = -1;
    for (const source of topology.sources.get(id)!) furthest = Math.max(furthest, column.get(source)!);
    column.set(id, furthest + 1);
  }
  const layers: string[][] = [];
  for (const [id, at] of column) (layers[at] ??= []).push(id);
  const cyclic = [...topology.sources.keys()].filter((id) => !column.has(id));
  return cyclic.length > 0 ? [...layers, cyclic] : layers;
}

/**
 * For each node in `order`: the longest sum of weights from its start to the end of the graph, its own included.
 * The ready step with the largest value goes first (critical path).
 */
export function criticalWeights(topology: Topology, weightOf: (id: string) => number): Map<string, number> {
  const weights = new Map<string, number>();
  for (const id of topology.order.toReversed()) {
    let behind = 0;
    for (const target of topology.targets.get(id)!) behind = Math.max(behind, weights.get(target) ?? 0);
    weights.set(id, weightOf(id) + behind);
  }
  return weights;
}

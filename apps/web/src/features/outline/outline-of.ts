/** The pipeline as a list: in the order in which it runs, frames as groups. Pure. */
import { graphTopology, nodeLabel, nodesInFrame } from '@ensemble/pipeline';
import type { PipelineFrame, ProjectedGraph, ProjectedNode, Size } from '@ensemble/pipeline';

export interface OutlineItem {
  id: string;
  level: 1 | 2;
  kind: 'group' | 'card' | 'note';
  label: string;
  /** Card type; empty for others. */
  card: string;
  category: string;
  bypassed: boolean;
  /** Runs take its result from an earlier run. */
  pinned: boolean;
  /** Messages of its problems. */
  problems: readonly string[];
  /** Labels of the cards that its outputs go to, and that its inputs come from. */
  feeds: readonly string[];
  fedBy: readonly string[];
}

/** `sizeOf` says how big a card is drawn: what lies in a frame is decided by that. */
export function outlineOf(
  graph: ProjectedGraph,
  sizeOf: (node: ProjectedNode) => Size,
  nameOfNote: (text: string) => string,
): OutlineItem[] {
  const cards = cardItems(graph);
  const notes = graph.notes.map((note) => item({ id: note.id, kind: 'note', label: nameOfNote(note.text) }));
  const all = new Map([...cards, ...notes].map((entry) => [entry.id, entry]));
  const groups = graph.frames.toSorted(smallestFirst).map((frame) => ({ frame, inside: [] as OutlineItem[] }));
  for (const { frame, inside } of groups) {
    const ids = new Set(nodesInFrame(graph, frame.id, sizeOf));
    // Of frames in frames the innermost one has it.
    for (const entry of all.values()) {
      if (!ids.has(entry.id)) continue;
      inside.push({ ...entry, level: 2 });
      all.delete(entry.id);
    }
  }
  return [
    ...groups
      .toSorted((a, b) => fromTopLeft(a.frame, b.frame))
      .flatMap(({ frame, inside }) => [item({ id: frame.id, kind: 'group', label: frame.title || 'Frame' }), ...inside]),
    ...all.values(),
  ];
}

function cardItems(graph: ProjectedGraph): OutlineItem[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const topology = graphTopology(graph);
  const inOrder = new Set(topology.order);
  const order = [...topology.order, ...graph.nodes.map(({ id }) => id).filter((id) => !inOrder.has(id))];
  const placeOf = new Map(order.map((id, index) => [id, index]));
  const labels = (ids: ReadonlySet<string> | undefined) =>
    [...(ids ?? [])]
      .sort((a, b) => (placeOf.get(a) ?? 0) - (placeOf.get(b) ?? 0))
      .flatMap((id) => nodes.get(id) ?? [])
      .map(nodeLabel);
  const problems = Map.groupBy(graph.problems, (problem) => problem.nodeId);
  return order.flatMap((id) => {
    const node = nodes.get(id);
    if (!node) return [];
    return item({
      id,
      kind: 'card',
      label: nodeLabel(node),
      card: node.card,
      category: node.manifest?.category ?? '',
      bypassed: node.bypassed === true,
      pinned: node.pin !== undefined && !node.bypassed,
      problems: (problems.get(id) ?? []).map(({ message }) => message),
      feeds: labels(topology.targets.get(id)),
      fedBy: labels(topology.sources.get(id)),
    });
  });
}

const item = (parts: Pick<OutlineItem, 'id' | 'kind' | 'label'> & Partial<OutlineItem>): OutlineItem => ({
  level: 1,
  card: '',
  category: '',
  bypassed: false,
  pinned: false,
  problems: [],
  feeds: [],
  fedBy: [],
  ...parts,
});

const area = ({ size }: PipelineFrame): number => size.width * size.height;
const smallestFirst = (a: PipelineFrame, b: PipelineFrame): number => area(a) - area(b);
const fromTopLeft = (a: PipelineFrame, b: PipelineFrame): number => a.position.x - b.position.x || a.position.y - b.position.y;

/** "feeds Split, Train": what people are told of the connections of a card. */
export function connectionsText({ kind, feeds, fedBy }: Pick<OutlineItem, 'kind' | 'feeds' | 'fedBy'>): string {
  if (kind !== 'card') return '';
  if (feeds.length + fedBy.length === 0) return 'not connected';
  return [...(fedBy.length > 0 ? [`from ${fedBy.join(', ')}`] : []), ...(feeds.length > 0 ? [`feeds ${feeds.join(', ')}`] : [])].join(
    ' · ',
  );
}

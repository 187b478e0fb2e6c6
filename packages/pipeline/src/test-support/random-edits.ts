/** One edit of one peer, as people make them, chosen by a seed. Checks UNDO-1 at every undo and counts what really happened. */
import type * as Y from 'yjs';
import { ANNOTATION_COLORS } from '../annotation.ts';
import { clipText, copyNodes, freshGraph, placedIn, readClip } from '../clip.ts';
import { connect, disconnect } from '../connect.ts';
import { addFrame, addNote, noteText, setColor, setNoteText } from '../edit-annotations.ts';
import {
  addNode,
  moveNodes,
  removeConfigField,
  removeNodes,
  renameNode,
  resizeNode,
  setBypass,
  setConfigField,
  setTitle,
} from '../edit-nodes.ts';
import { insertOnEdge, spliceNode } from '../insert-on-edge.ts';
import { pipelineRoots } from '../layout.ts';
import { setPin } from '../pins.ts';
import { projectGraph } from '../project-graph.ts';
import { insertGraph } from '../write-graph.ts';
import { CARDS } from './cards.ts';
import { foreignChanges, textAuthors, writtenKeys } from './document-state.ts';
import type { Peer } from './peer-network.ts';
import type { Random } from './random.ts';

/** How often each kind of edit changed something. */
export const editCounts = () => ({
  undos: 0,
  redos: 0,
  bypasses: 0,
  pasted: 0,
  inserted: 0,
  spliced: 0,
  pinned: 0,
  notes: 0,
  frames: 0,
  colored: 0,
  typed: 0,
  /** Typing into a note that holds characters of a colleague. */
  typedTogether: 0,
  pastedAnnotations: 0,
});
type EditCounts = ReturnType<typeof editCounts>;

/** `onlyFirst`: the edits that there were before notes, so that the histories of that time are played again as they were. */
export function randomEdit({ peer, random, step, counts, onlyFirst }: Situation): void {
  const { doc, origin } = peer;
  const node = (): string => random.pick([...pipelineRoots(doc).nodes.keys()]) ?? 'gone';
  const point = () => ({ x: random.below(1_000), y: random.below(1_000) });
  // Now and then two peers choose the same id.
  const id = (prefix: string): string => (random.chance(0.1) ? `same${random.below(4)}` : `${prefix}${step}`);
  const card = () => random.pick([...CARDS.keys()])!;
  const first: WeightedEdit[] = [
    [5, () => addNode(doc, { id: id('n'), card: card(), position: point(), config: { seed: step } }, origin)],
    [12, () => connectSomething(doc, random, origin)],
    [
      4,
      () =>
        moveNodes(
          doc,
          [node(), node()].map((moved) => ({ id: moved, position: point() })),
          origin,
        ),
    ],
    [2, () => renameNode(doc, node(), `title ${step}`, origin)],
    [1, () => resizeNode(doc, node(), { width: 1 + random.below(300), height: 80 }, origin)],
    [5, () => setConfigField(doc, node(), random.pick(['ratio', 'seed', 'other'])!, random.below(5), origin)],
    [1, () => removeConfigField(doc, node(), random.pick(['ratio', 'seed'])!, origin)],
    [3, () => removeNodes(doc, [node()], origin)],
    [2, () => count(counts, 'bypasses', changed(setBypass(doc, [node()], random.chance(0.7), origin)))],
    [2, () => pasteSomething({ peer, random, step, counts })],
    [1, () => disconnect(doc, [random.pick([...pipelineRoots(doc).edges.keys()]) ?? 'gone'], origin)],
    [1, () => setTitle(doc, `pipeline ${step}`, origin)],
    [5, () => count(counts, 'undos', undoOwn(peer, 'undo'))],
    [3, () => count(counts, 'redos', undoOwn(peer, 'redo'))],
  ];
  const later: WeightedEdit[] = [
    [2, () => count(counts, 'notes', addNote(doc, { id: id('note'), position: point(), text: 'note' }, origin).ok)],
    [1, () => count(counts, 'frames', addFrame(doc, { id: id('frame'), position: point(), title: `frame ${step}` }, origin).ok)],
    [1, () => count(counts, 'colored', changed(setColor(doc, [node(), node()], random.pick(ANNOTATION_COLORS)!, origin)))],
    [
      1,
      () =>
        count(counts, 'pinned', changed(setPin(doc, [node(), node()], random.chance(0.7) ? { runId: `run${step}` } : undefined, origin))),
    ],
    [7, () => typeSomething({ peer, random, counts })],
    [2, () => spliceSomething({ peer, random, counts })],
  ];
  // A redo is only there until the next edit of one's own.
  if (!onlyFirst && peer.undo.canRedo() && random.chance(0.2)) return count(counts, 'redos', undoOwn(peer, 'redo'));
  const edits = onlyFirst ? first : [...first, ...later];
  let left = random.below(edits.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, run] of edits) {
    if (left < weight) return void run();
    left -= weight;
  }
}

interface Situation {
  peer: Peer;
  random: Random;
  step: number;
  counts: EditCounts;
  onlyFirst: boolean;
}
type WeightedEdit = [weight: number, edit: () => unknown];

const changed = (result: { ok: boolean; changed?: number }): boolean => (result.changed ?? 0) > 0;
const count = (counts: EditCounts, name: keyof EditCounts, happened: boolean): void => void (counts[name] += happened ? 1 : 0);

function pasteSomething({ peer: { doc, origin }, random, step, counts }: Omit<Situation, 'onlyFirst'>): void {
  const graph = projectGraph(doc, CARDS);
  const all = placedIn(graph);
  const ids = new Set([random.pick(all), random.pick(all)].flatMap((item) => item?.id ?? []));
  // Few nodes meet more often: a crowd would hide the faults that need two people at one place.
  if (all.length > 10) return void removeNodes(doc, [...ids], origin);
  const edge = random.pick(graph.edges);
  if (edge && random.chance(0.5)) {
    const node = { id: `i${step}`, card: 'split', position: { x: step, y: 0 } };
    return count(counts, 'inserted', insertOnEdge(doc, node, edge.id, CARDS, origin).ok);
  }
  const clip = readClip(clipText(copyNodes(graph, ids)));
  if (!clip) throw new Error('what was copied cannot be read');
  let next = 0;
  // The id names the peer's step, so two peers never choose the same.
  const pasted = insertGraph(
    doc,
    freshGraph(clip, () => `p${step}-${next++}`, { x: 40, y: 40 }),
    origin,
  );
  count(counts, 'pasted', pasted.ok);
  count(counts, 'pastedAnnotations', pasted.ok && clip.notes.length + clip.frames.length > 0);
}

/** Into the middle of what is there, with characters of two code units. */
function typeSomething({ peer: { doc, origin }, random, counts }: Pick<Situation, 'peer' | 'random' | 'counts'>): void {
  const note = random.pick(projectGraph(doc, CARDS).notes);
  const shared = note && noteText(doc, note.id);
  if (!shared) return;
  const characters = Array.from(note.text);
  const at = random.below(characters.length + 1);
  const removed = characters.length > 30 ? 20 : random.below(3);
  const text = [...characters.slice(0, at), random.pick(['a', 'bc', '👍', '👎', '', '\n'])!, ...characters.slice(at + removed)].join('');
  count(counts, 'typedTogether', textAuthors(shared).size > 1);
  count(counts, 'typed', setNoteText(doc, note.id, text, origin).ok && text !== note.text);
}

function spliceSomething({ peer: { doc, origin }, random, counts }: Pick<Situation, 'peer' | 'random' | 'counts'>): void {
  const { nodes, edges } = projectGraph(doc, CARDS);
  const loose = nodes.filter(({ id, card }) => card === 'split' && !edges.some((edge) => edge.source === id || edge.target === id));
  const [node, edge] = [random.pick(loose), random.pick(edges)];
  if (node && edge) count(counts, 'spliced', spliceNode(doc, node.id, edge.id, CARDS, origin).ok);
}

function connectSomething(doc: Y.Doc, random: Random, origin: unknown): void {
  const { nodes } = projectGraph(doc, CARDS);
  const [source, target] = [random.pick(nodes), random.pick(nodes)];
  const output = random.pick(source?.manifest?.outputs ?? []);
  const input = random.pick(target?.manifest?.inputs ?? []);
  if (source && target && output && input) {
    connect(doc, { source: source.id, sourcePort: output.name, target: target.id, targetPort: input.name }, CARDS, origin);
  }
}

function undoOwn(peer: Peer, direction: 'undo' | 'redo'): boolean {
  const before = writtenKeys(peer.doc);
  const done = peer.undo[direction]() !== null;
  const broken = foreignChanges(before, writtenKeys(peer.doc), peer.doc.clientID);
  if (broken.length > 0) throw new Error(`UNDO-1: ${direction} changed what a colleague wrote: ${broken.join(', ')}`);
  return done;
}

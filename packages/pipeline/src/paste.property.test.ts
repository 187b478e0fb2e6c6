import { expect, test } from 'vitest';
import type { EdgeEnds } from './model.ts';
import { clipText, copyNodes, freshGraph, placedIn, readClip } from './clip.ts';
import { projectGraph } from './project-graph.ts';
import { PIPELINE_CARDS, SECRET, randomPipeline } from './test-support/random-pipeline.ts';
import { documentText } from './test-support/document-state.ts';
import { seededRandom } from './test-support/random.ts';
import { createUndo } from './undo.ts';
import { insertGraph } from './write-graph.ts';

const ME = { name: 'me' };
const CASES = 240;
const ends = ({ source, sourcePort, target, targetPort }: EdgeEnds) => JSON.stringify([source, sourcePort, target, targetPort]);

test(`whatever is copied from any of ${CASES} pipelines into another or the same: the copy is equal, and nothing else changes`, () => {
  const met = { nodes: 0, edges: 0, cutEdges: 0, notes: 0, frames: 0, secrets: 0, pins: 0, bypassed: 0 };
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const from = randomPipeline(random, 1 + random.below(12));
    const into = random.chance(0.5) ? from : randomPipeline(random, 1 + random.below(6));
    const source = projectGraph(from, PIPELINE_CARDS);
    const chosen = placedIn(source).filter(() => random.chance(0.6));
    const ids = new Set(chosen.map((item) => item.id));
    const by = { x: random.below(800) - 400, y: random.below(800) - 400 };
    const text = clipText(copyNodes(source, ids));
    expect(text.toLowerCase(), `seed ${seed}`).not.toContain(SECRET);

    const before = projectGraph(into, PIPELINE_CARDS);
    const state = documentText(into);
    const undo = createUndo(into, ME);
    let updates = 0;
    into.on('update', () => updates++);
    let made = 0;
    const graph = freshGraph(readClip(text)!, () => `new${made++}`, by);
    expect(insertGraph(into, graph, ME), `seed ${seed}`).toEqual({ ok: true });
    expect(updates, `seed ${seed}`).toBe(ids.size === 0 ? 0 : 1);

    // Ids are new, and each is used once.
    const after = projectGraph(into, PIPELINE_CARDS);
    const idsBefore = new Set(placedIn(before).map((item) => item.id));
    const added = placedIn(after).filter((item) => !idsBefore.has(item.id));
    expect(new Set(added.map((item) => item.id)).size, `seed ${seed}`).toBe(chosen.length);
    expect(made, `seed ${seed}`).toBe(chosen.length);
    const newId = new Map(placedIn(readClip(text)!).map((item, index) => [item.id, placedIn(graph)[index]!.id]));

    // Each copy is equal but for its id, its place and what is not to be copied.
    for (const item of chosen) {
      const { pin, manifest, config, ...rest } = item as (typeof source.nodes)[number];
      const position = { x: item.position.x + by.x, y: item.position.y + by.y };
      const copy = added.find((candidate) => candidate.id === newId.get(item.id));
      const { key, ...plain } = config ?? {};
      const expected = { ...rest, id: newId.get(item.id), position, ...(manifest && { manifest }), ...(config && { config: plain }) };
      expect(copy, `seed ${seed}: ${item.id}`).toEqual(expected);
      if (key !== undefined) met.secrets++;
      if (pin) met.pins++;
      if (rest.bypassed) met.bypassed++;
    }

    // The edges among what was copied are there again, and no others.
    const inside = source.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target));
    const mapped = inside.map((edge) => ends({ ...edge, source: newId.get(edge.source)!, target: newId.get(edge.target)! }));
    const edgesBefore = new Set(before.edges.map(ends));
    const addedEdges = after.edges.map(ends).filter((edge) => !edgesBefore.has(edge));
    expect(addedEdges.toSorted(), `seed ${seed}`).toEqual([...new Set(mapped)].toSorted());

    // What was there is as it was; one undo takes the copy away and a redo brings it back.
    const keeps = <Item extends { id: string }>(all: Item[], old: Item[]) => all.filter((item) => old.some(({ id }) => id === item.id));
    for (const list of ['nodes', 'notes', 'frames', 'edges'] as const)
      expect(keeps<{ id: string }>(after[list], before[list]), `seed ${seed}`).toEqual(before[list]);
    const pasted = documentText(into);
    expect(undo.undoStack.length, `seed ${seed}`).toBe(ids.size === 0 ? 0 : 1);
    undo.undo();
    expect(documentText(into), `seed ${seed}`).toBe(state);
    undo.redo();
    expect(documentText(into), `seed ${seed}`).toBe(pasted);

    // A copy under ids that are taken is refused as a whole.
    if (ids.size > 0) expect(insertGraph(into, graph, ME), `seed ${seed}`).toMatchObject({ ok: false, code: 'node-exists' });
    expect(documentText(into), `seed ${seed}`).toBe(pasted);
    met.nodes += graph.nodes.length;
    met.notes += graph.notes?.length ?? 0;
    met.frames += graph.frames?.length ?? 0;
    met.edges += inside.length;
    met.cutEdges += source.edges.filter((edge) => ids.has(edge.source) !== ids.has(edge.target)).length;
  }
  for (const [name, count] of Object.entries(met)) expect(count, name).toBeGreaterThan(50);
});

import { canConnect } from '@ensemble/cards';
import { expect, test } from 'vitest';
import { addNode } from './edit-nodes.ts';
import { insertOnEdge, spliceNode } from './insert-on-edge.ts';
import { graphTopology, projectGraph } from './project-graph.ts';
import type { ProjectedEdge } from './project-edges.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { documentText } from './test-support/document-state.ts';
import { PIPELINE_CARDS, randomPipeline } from './test-support/random-pipeline.ts';
import { seededRandom } from './test-support/random.ts';
import { createUndo } from './undo.ts';

const ME = { name: 'me' };
const CASES = 240;

/** Said without the code under test: some input takes what the edge carries, and some output gives what its end takes. */
function fits(graph: ProjectedGraph, edge: ProjectedEdge, card: string): boolean {
  const manifestOf = (id: string) => graph.nodes.find((node) => node.id === id)?.manifest;
  const from = manifestOf(edge.source)?.outputs.find((port) => port.name === edge.sourcePort)?.type;
  const to = manifestOf(edge.target)?.inputs.find((port) => port.name === edge.targetPort)?.type;
  const ports = PIPELINE_CARDS.get(card)?.manifest;
  if (from === undefined || to === undefined || !ports) return false;
  return ports.inputs.some(({ type }) => canConnect(from, type).ok) && ports.outputs.some(({ type }) => canConnect(type, to).ok);
}

test.each([
  ['a new card', false],
  ['a card that is there', true],
])(`%s, put into any edge of ${CASES} pipelines, stands between its ends, or nothing changes`, (_name, existing) => {
  const met = { put: 0, refused: 0, connected: 0, broken: 0 };
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const doc = randomPipeline(random, 3 + random.below(8));
    const card = random.chance(0.1) ? 'unknown' : random.pick([...PIPELINE_CARDS.keys()])!;
    const node = { id: 'put', card, position: { x: 7, y: 8 } };
    if (existing) addNode(doc, node, ME);
    const before = projectGraph(doc, PIPELINE_CARDS);
    const edge = random.pick(before.edges);
    if (!edge) continue;
    // Now and then one that is part of the pipeline already.
    const connected = existing && random.chance(0.2);
    const id = connected ? edge.source : 'put';

    const state = documentText(doc);
    const undo = createUndo(doc, ME);
    let updates = 0;
    doc.on('update', () => updates++);
    const result = existing ? spliceNode(doc, id, edge.id, PIPELINE_CARDS, ME) : insertOnEdge(doc, node, edge.id, PIPELINE_CARDS, ME);
    const after = projectGraph(doc, PIPELINE_CARDS);
    expect(result.ok, `seed ${seed}`).toBe(!connected && fits(before, edge, card));
    if (!result.ok) {
      expect([documentText(doc), updates, undo.undoStack.length], `seed ${seed}`).toEqual([state, 0, 0]);
      met.refused++;
      if (connected) met.connected++;
      if (edge.broken) met.broken++;
      continue;
    }

    // One edge became two, of types that fit, and everything else is as it was.
    const others = (edges: ProjectedEdge[]) => edges.filter((kept) => kept.id !== edge.id && kept.source !== id && kept.target !== id);
    expect(others(after.edges), `seed ${seed}`).toEqual(others(before.edges));
    const made = after.edges.filter((found) => found.source === id || found.target === id);
    expect(
      made.map((found) => found.broken),
      `seed ${seed}`,
    ).toEqual([undefined, undefined]);
    expect(
      made.find((found) => found.target === id),
      `seed ${seed}`,
    ).toMatchObject({ source: edge.source, sourcePort: edge.sourcePort });
    expect(
      made.find((found) => found.source === id),
      `seed ${seed}`,
    ).toMatchObject({ target: edge.target, targetPort: edge.targetPort });
    expect(
      after.edges.some((found) => found.id === edge.id),
      `seed ${seed}`,
    ).toBe(false);
    expect(
      after.nodes.filter((other) => other.id !== 'put'),
      `seed ${seed}`,
    ).toEqual(before.nodes.filter((other) => other.id !== 'put'));
    expect(
      after.nodes.find((other) => other.id === 'put'),
      `seed ${seed}`,
    ).toMatchObject(node);
    expect(graphTopology(after).cycles.length, `seed ${seed}`).toBe(graphTopology(before).cycles.length);

    expect([updates, undo.undoStack.length], `seed ${seed}`).toEqual([1, 1]);
    const put = documentText(doc);
    undo.undo();
    expect(documentText(doc), `seed ${seed}`).toBe(state);
    undo.redo();
    expect(documentText(doc), `seed ${seed}`).toBe(put);
    met.put++;
  }
  const { connected, ...counts } = met;
  for (const [name, count] of Object.entries(counts)) expect(count, name).toBeGreaterThan(20);
  expect(connected > 20, 'connected').toBe(existing);
});

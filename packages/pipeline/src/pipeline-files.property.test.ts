import { isSecretValue } from '@ensemble/cards';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { messagesOf } from './import-finding.ts';
import { applyPipelineChange } from './apply-pipeline-change.ts';
import { fileNamesFor, pipelineFiles, readPipelineFiles } from './pipeline-files.ts';
import { projectGraph } from './project-graph.ts';
import { fromTensorRag } from './tensor-rag-import.ts';
import { tensorRagText } from './tensor-rag-export.ts';
import { moveNodes, removeNodes, renameNode, setBypass, setConfigField, setTitle } from './edit-nodes.ts';
import { setNoteText } from './edit-annotations.ts';
import { documentText } from './test-support/document-state.ts';
import { PIPELINE_CARDS, SECRET, randomPipeline } from './test-support/random-pipeline.ts';
import { seededRandom, type Random } from './test-support/random.ts';
import { writeGraph } from './write-graph.ts';

const CASES = 60;

/** Without secrets that were typed where only the name of one belongs: they stay behind. */
function withoutTyped(graph: ReturnType<typeof projectGraph>): unknown {
  const nodes = graph.nodes.map((node) => {
    const { key, ...config } = node.config;
    return { ...node, config: key === undefined || isSecretValue(key) ? node.config : config };
  });
  return { title: graph.title, nodes, edges: graph.edges, notes: graph.notes, frames: graph.frames };
}

function written(files: { logic: string; layout: string }): Y.Doc {
  const doc = new Y.Doc();
  const read = readPipelineFiles(files.logic, files.layout)!;
  expect(read.findings).toEqual([]);
  expect(writeGraph(doc, read, 'import')).toEqual({ ok: true });
  return doc;
}

test(`files of any of ${CASES} pipelines make the same pipeline and the same files again, and hold no secret`, () => {
  const met = { nodes: 0, edges: 0, notes: 0, frames: 0, pins: 0, bypassed: 0, secrets: 0 };
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const doc = randomPipeline(random, 1 + random.below(12));
    if (random.chance(0.5)) setTitle(doc, 'A title "quoted" \u2028', 'made');
    const graph = projectGraph(doc, PIPELINE_CARDS);
    const files = pipelineFiles(`Pipeline ${seed}`, graph);
    expect(files.logic, `seed ${seed}`).not.toContain(`"${SECRET}"`);
    const again = projectGraph(written(files), PIPELINE_CARDS);
    expect(withoutTyped(again), `seed ${seed}`).toEqual(withoutTyped(graph));
    expect(pipelineFiles(`Pipeline ${seed}`, again), `seed ${seed}`).toEqual(files);
    // One line for each thing, so that a change of one is a change of one line.
    const things = graph.nodes.length + graph.edges.length + graph.notes.length + graph.frames.length;
    expect(files.logic.split('\n').filter((line) => line.startsWith('{"')).length, `seed ${seed}`).toBe(things);
    met.nodes += graph.nodes.length;
    met.edges += graph.edges.length;
    met.notes += graph.notes.length;
    met.frames += graph.frames.length;
    met.pins += graph.nodes.filter(({ pin }) => pin).length;
    met.bypassed += graph.nodes.filter(({ bypassed }) => bypassed).length;
    met.secrets += graph.nodes.filter(({ config }) => config.key === SECRET).length;
  }
  expect(Object.values(met).every((count) => count > 10)).toBe(true);
});

test('moving cards changes the layout file only, and renaming one card one line of the other', () => {
  const doc = randomPipeline(seededRandom(7), 8);
  const before = pipelineFiles('P', projectGraph(doc, PIPELINE_CARDS));
  moveNodes(doc, [{ id: 'n3', position: { x: 5, y: 6.5 } }], 'me');
  const moved = pipelineFiles('P', projectGraph(doc, PIPELINE_CARDS));
  expect(moved.logic).toBe(before.logic);
  expect(moved.layout).toContain('["n3",5,6.5]');
  renameNode(doc, 'n3', 'Another name', 'me');
  const renamed = pipelineFiles('P', projectGraph(doc, PIPELINE_CARDS));
  const changed = renamed.logic.split('\n').filter((line, index) => line !== moved.logic.split('\n')[index]);
  expect(changed).toHaveLength(1);
});

test('the copy for TensorRag reads as the same graph with whole positions', () => {
  const graph = projectGraph(randomPipeline(seededRandom(3), 9), PIPELINE_CARDS);
  const read = fromTensorRag(JSON.parse(tensorRagText(graph)));
  expect(messagesOf(read.findings, 'not-understood')).toEqual([]);
  expect(read.nodes.map(({ id, card, position }) => ({ id, card, position }))).toEqual(
    graph.nodes.map(({ id, card, position }) => ({ id, card, position })),
  );
  expect(read.edges).toHaveLength(graph.edges.length);
});

test('file names are plain, short and different on every file system', () => {
  expect(fileNamesFor(['Train', 'train', 'TRAIN!', '', '../../x', 'Größe', 'con', 'a'.repeat(99)])).toEqual([
    'train',
    'train-2',
    'train-3',
    'pipeline',
    'x',
    'gro-e',
    'pipeline-con',
    'a'.repeat(60),
  ]);
});

describe('a file that was written by hand', () => {
  const head = '"format": "ensemble-pipeline", "version": 1, "name": "P"';
  const node = (id: string, more = '') => `{"id": "${id}", "card": "load"${more}}`;

  test('needs no layout: its nodes are laid out', () => {
    const read = readPipelineFiles(`{${head}, "nodes": [${node('a')}, ${node('b')}]}`, undefined)!;
    expect(messagesOf(read.findings, 'guessed')).toEqual(['2 nodes had no position and were laid out.']);
    expect(new Set(read.nodes.map(({ position }) => `${position.x} ${position.y}`)).size).toBe(2);
  });

  test('says what of it cannot be read, and takes the rest', () => {
    const nodes = [node('a'), node('a'), '5', node('b', ', "colour": 1'), node('c', ', "config": {"__proto__": 1}')];
    const edges = '{"source": "a", "sourcePort": "data", "target": "gone", "targetPort": "data"}';
    const read = readPipelineFiles(`{${head}, "nodes": [${nodes.join()}], "edges": [${edges}], "notes": [1]}`, '{"places": 5}')!;
    expect(read.nodes.map(({ id }) => id)).not.toContain('b');
    expect(read.nodes[0]?.id).toBe('a');
    expect(messagesOf(read.findings, 'not-understood').length).toBeGreaterThanOrEqual(6);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    '',
    '[]',
    '{"nodes": []}',
    '{"format": "ensemble-pipeline", "version": 2, "name": "x", "nodes": []}',
    `{${head}, "nodes": 5}`,
  ])('is none: %s', (text) => expect(readPipelineFiles(text, undefined)).toBeUndefined());
});

const graphOf = (doc: Y.Doc) =>
  readPipelineFiles(...(Object.values(pipelineFiles('P', projectGraph(doc, PIPELINE_CARDS))) as [string, string]))!;
const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

/** Some edits of a person, among nodes whose number has the rest `rest` by `of`. */
function editSome(doc: Y.Doc, random: Random, of: number, rest: number): void {
  const { nodes, notes } = projectGraph(doc, PIPELINE_CARDS);
  for (const { id } of nodes.filter((_, index) => index % of === rest)) {
    if (random.chance(0.15)) removeNodes(doc, [id], 'x');
    if (random.chance(0.4)) moveNodes(doc, [{ id, position: { x: random.below(900), y: random.below(900) } }], 'x');
    if (random.chance(0.4)) renameNode(doc, id, `Named ${random.below(100)}`, 'x');
    if (random.chance(0.4)) setConfigField(doc, id, 'ratio', random.below(100), 'x');
    if (random.chance(0.2)) setBypass(doc, [id], random.chance(0.5), 'x');
  }
  for (const { id, text } of notes.filter((_, index) => index % of === rest)) setNoteText(doc, id, `${text}\nmore ${random.below(9)}`, 'x');
}

describe('a change of the files goes into the live document', () => {
  test(`whole, when nobody else changed it: ${CASES} pipelines`, () => {
    let changed = 0;
    for (let seed = 1; seed <= CASES; seed++) {
      const random = seededRandom(seed);
      const doc = written(pipelineFiles('P', projectGraph(randomPipeline(random, 1 + random.below(10)), PIPELINE_CARDS)));
      const mine = copyOf(doc);
      editSome(mine, random, 1, 0);
      const result = applyPipelineChange(doc, graphOf(doc), graphOf(mine), 'sync');
      expect(result.conflicts, `seed ${seed}`).toEqual([]);
      expect(documentText(doc), `seed ${seed}`).toEqual(documentText(mine));
      if (result.changed) changed++;
    }
    expect(changed).toBeGreaterThan(CASES / 2);
  });

  test('beside what a colleague did to other nodes', () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const random = seededRandom(seed);
      const base = written(pipelineFiles('P', projectGraph(randomPipeline(random, 4 + random.below(8)), PIPELINE_CARDS)));
      const before = graphOf(base);
      const [live, mine, both] = [copyOf(base), copyOf(base), copyOf(base)];
      const again = random.below(1_000_000);
      editSome(mine, seededRandom(again), 2, 0);
      editSome(live, seededRandom(again + 1), 2, 1);
      // The same, by hand: edits of nodes that are not shared do not depend on their order.
      Y.applyUpdate(both, Y.encodeStateAsUpdate(live));
      Y.applyUpdate(both, Y.encodeStateAsUpdate(mine));
      const result = applyPipelineChange(live, before, graphOf(mine), 'sync');
      expect(result.conflicts, `seed ${seed}`).toEqual([]);
      expect(documentText(live), `seed ${seed}`).toEqual(documentText(both));
    }
  });

  test('not at all, when both changed one thing differently; and it says what', () => {
    const base = written(pipelineFiles('P', projectGraph(randomPipeline(seededRandom(5), 6), PIPELINE_CARDS)));
    const before = graphOf(base);
    const mine = copyOf(base);
    setConfigField(mine, 'n0', 'ratio', 0.123, 'x');
    renameNode(mine, 'n1', 'Mine', 'x');
    setConfigField(base, 'n0', 'ratio', 0.456, 'x');
    const state = documentText(base);
    expect(applyPipelineChange(base, before, graphOf(mine), 'sync')).toEqual({
      changed: false,
      conflicts: ['The field "ratio" of "n0" was changed in the folder and, differently, in the project.'],
    });
    expect(documentText(base)).toEqual(state);
  });
});

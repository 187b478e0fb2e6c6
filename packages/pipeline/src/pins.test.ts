import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { clipText, copyNodes, freshGraph, readClip } from './clip.ts';
import { connect } from './connect.ts';
import { addNode, setBypass, setConfigField } from './edit-nodes.ts';
import { addNote } from './edit-annotations.ts';
import { pipelineRoots } from './layout.ts';
import { liveLineages, pinnedLineages } from './lineage.ts';
import { liveFingerprints, pinVersion } from './pinned-version.ts';
import { feedsPinnedOnly, setPin } from './pins.ts';
import { projectGraph } from './project-graph.ts';
import { readPipeline } from './read-pipeline.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { seededRandom } from './test-support/random.ts';
import { createUndo } from './undo.ts';
import { writeGraph } from './write-graph.ts';

const ME = { name: 'me' };
const RUN = { runId: '0190-run' };

/** load → split → train → score. */
function example(): Y.Doc {
  const doc = new Y.Doc();
  for (const card of ['load', 'split', 'train', 'score']) addNode(doc, { id: card, card, position: { x: 0, y: 0 } }, ME);
  for (const [source, sourcePort, target, targetPort] of [
    ['load', 'data', 'split', 'data'],
    ['split', 'train', 'train', 'train'],
    ['split', 'test', 'score', 'test'],
    ['train', 'model', 'score', 'model'],
  ] as const)
    expect(connect(doc, { source, sourcePort, target, targetPort }, CARDS, ME).ok).toBe(true);
  return doc;
}
const pinOf = (doc: Y.Doc, id: string) => readPipeline(doc).nodes.get(id)?.pin;

describe('pinning a result', () => {
  test('is one key and one step of undo, and passes over what is gone, is no card, or is pinned so already', () => {
    const doc = example();
    addNote(doc, { id: 'note', position: { x: 0, y: 0 } }, ME);
    const before = documentText(doc);
    const undo = createUndo(doc, ME);
    expect(setPin(doc, ['split', 'train', 'note', 'gone'], RUN, ME)).toEqual({ ok: true, changed: 2 });
    expect(setPin(doc, ['split'], RUN, ME)).toEqual({ ok: true, changed: 0 });
    expect(pinOf(doc, 'split')).toEqual(RUN);
    expect(pinOf(doc, 'load')).toBeUndefined();
    undo.undo();
    expect(documentText(doc)).toBe(before);
    undo.redo();
    expect(setPin(doc, ['split', 'load'], undefined, ME)).toEqual({ ok: true, changed: 1 });
    expect(pinOf(doc, 'split')).toBeUndefined();
    expect(pinOf(doc, 'train')).toEqual(RUN);
    expect(setPin(doc, ['load'], { runId: '../../etc' }, ME)).toMatchObject({ ok: false, code: 'invalid' });
  });

  test('hostile values are no pin, are reported, and can be taken off', () => {
    for (const value of [
      null,
      true,
      7,
      'run',
      {},
      [],
      { runId: '' },
      { runId: 'a/b' },
      { runId: 'x'.repeat(65) },
      { runId: { toString: 1 } },
    ]) {
      const doc = example();
      (pipelineRoots(doc).nodes.get('train') as Y.Map<unknown>).set('pin', value);
      const { nodes, problems } = readPipeline(doc);
      expect(nodes.get('train')?.pin, JSON.stringify(value)).toBeUndefined();
      expect(problems).toMatchObject([{ code: 'node/repaired', nodeId: 'train' }]);
      expect(setPin(doc, ['train'], undefined, ME)).toEqual({ ok: true, changed: 1 });
      expect(readPipeline(doc).problems).toEqual([]);
    }
  });

  test('the clipboard carries none: a copy is another node, which that run did not know', () => {
    const doc = example();
    setPin(doc, ['train'], RUN, ME);
    const text = clipText(copyNodes(projectGraph(doc, CARDS), new Set(['train'])));
    expect(text).not.toContain(RUN.runId);
    const forged = readClip(text.replace('"card":"train"', `"card":"train","pin":${JSON.stringify(RUN)}`));
    expect(freshGraph(forged!, () => 'n', { x: 0, y: 0 }).nodes[0]).not.toHaveProperty('pin');
  });

  test('a graph that is written whole keeps its pins', () => {
    const doc = new Y.Doc();
    const node = { id: 'load', card: 'load', position: { x: 1, y: 2 }, pin: RUN };
    expect(writeGraph(doc, { nodes: [node], edges: [] }, ME).ok).toBe(true);
    expect(pinOf(doc, 'load')).toEqual(RUN);
    const wrong = { ...node, pin: { runId: '' } };
    expect(writeGraph(new Y.Doc(), { nodes: [wrong], edges: [] }, ME)).toMatchObject({ ok: false, code: 'invalid' });
  });
});

describe('what does not run because of a pin', () => {
  test('has no problems of settings and inputs, and gets them back with the pin taken off', () => {
    const doc = new Y.Doc();
    addNode(doc, { id: 'split', card: 'split', position: { x: 0, y: 0 } }, ME);
    addNode(doc, { id: 'train', card: 'train', position: { x: 0, y: 0 } }, ME);
    connect(doc, { source: 'split', sourcePort: 'train', target: 'train', targetPort: 'train' }, CARDS, ME);
    setConfigField(doc, 'split', 'ratio', 7, ME);
    const places = () => projectGraph(doc, CARDS).problems.map((problem) => [problem.nodeId, problem.field ?? problem.port]);
    expect(places()).toEqual([
      ['split', 'ratio'],
      ['split', 'data'],
    ]);
    // `split` only feeds what is pinned.
    setPin(doc, ['train'], RUN, ME);
    expect(places()).toEqual([]);
    // A bypassed node stands for nothing, pinned or not: it takes its input from before it.
    setBypass(doc, ['train'], true, ME);
    expect(places().length).toBe(2);
  });

  const arrows = (...texts: string[]) => texts.map((text) => ({ source: text[0]!, target: text[1]! }));
  test('is what only pinned nodes take, through any number of nodes, and no end of the pipeline', () => {
    expect([...feedsPinnedOnly(arrows('ab', 'bc', 'cd'), new Set(['c']))].toSorted()).toEqual(['a', 'b']);
    expect([...feedsPinnedOnly(arrows('ab', 'bc', 'ax'), new Set(['c']))]).toEqual(['b']);
    expect([...feedsPinnedOnly(arrows('ab', 'ab', 'bc'), new Set(['b', 'c']))]).toEqual(['a']);
    expect([...feedsPinnedOnly(arrows('ab', 'bc'), new Set())]).toEqual([]);
    // A circle stays: it is a problem to be told of.
    expect([...feedsPinnedOnly(arrows('ab', 'ba', 'bc'), new Set(['c']))]).toEqual([]);
  });

  test('is what nobody needs, in 300 random graphs, asked from the other end', () => {
    let idleSeen = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const ids = Array.from({ length: 1 + random.below(9) }, (_, index) => `n${index}`);
      const edges = ids.flatMap((target, index) =>
        ids.slice(0, index).flatMap((source) => (random.chance(0.35) ? [{ source, target }] : [])),
      );
      const pinned = new Set(ids.filter(() => random.chance(0.3)));
      /** Somebody who runs takes its result, or nobody takes anything of it. */
      const needed = (id: string): boolean => {
        const takers = edges.filter((edge) => edge.source === id).map((edge) => edge.target);
        return takers.length === 0 || takers.some((taker) => !pinned.has(taker) && needed(taker));
      };
      const expected = ids.filter((id) => !pinned.has(id) && !needed(id));
      expect([...feedsPinnedOnly(edges, pinned)].toSorted(), `seed ${seed}`).toEqual(expected);
      idleSeen += expected.length;
    }
    expect(idleSeen).toBeGreaterThan(100);
  });
});

test('a lineage changes with anything upstream and with nothing else; pins do not count', () => {
  const doc = example();
  const sources = new Map(['load', 'split', 'train', 'score'].map((card) => [card, { path: `${card}.py`, sourceHash: card }]));
  const live = () => {
    const graph = projectGraph(doc, CARDS);
    return liveLineages(graph, liveFingerprints(graph, sources));
  };
  const version = pinVersion(projectGraph(doc, CARDS), sources);
  const ran = pinnedLineages(version);
  expect(live()).toEqual(ran);
  setPin(doc, ['train'], RUN, ME);
  expect(live()).toEqual(ran);
  setConfigField(doc, 'split', 'ratio', 0.5, ME);
  const changed = [...live()].filter(([id, lineage]) => ran.get(id) !== lineage).map(([id]) => id);
  expect(changed.toSorted()).toEqual(['score', 'split', 'train']);
  // What a run took from an older one counts as what it was there.
  const taken = pinnedLineages(version, new Map([['train', 'older']]));
  expect(taken.get('train')).toBe('older');
  expect(taken.get('score')).not.toBe(ran.get('score'));
  expect(taken.get('split')).toBe(ran.get('split'));
});

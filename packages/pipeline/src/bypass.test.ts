import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { addNode, setBypass } from './edit-nodes.ts';
import { liveFingerprints, pinVersion, pinnedFingerprints } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS, known, manifest } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { createUndo } from './undo.ts';

const ME = { name: 'me' };
const cards = new Map([
  ...CARDS,
  ...known(manifest('clean', ['data:dataframe'], ['data:dataframe']), manifest('join', ['a:dataframe', 'b:dataframe'], ['data:dataframe'])),
]);

/** Nodes named after their cards; edges written `load.data split.data`. */
function build(nodes: string[], ...edges: string[]): Y.Doc {
  const doc = new Y.Doc();
  for (const id of nodes) addNode(doc, { id, card: id.replace(/\d/, ''), position: { x: 0, y: 0 } }, ME);
  for (const edge of edges) {
    const [source = '', sourcePort = '', target = '', targetPort = ''] = edge.split(/[. ]/);
    expect(connect(doc, { source, sourcePort, target, targetPort }, cards, ME).ok, edge).toBe(true);
  }
  return doc;
}
const pinned = (doc: Y.Doc) => {
  const graph = projectGraph(doc, cards);
  const version = pinVersion(graph, new Map());
  return {
    nodes: version.nodes.map((node) => node.id),
    edges: version.edges.map((edge) => `${edge.source}.${edge.sourcePort} ${edge.target}.${edge.targetPort}`),
    problems: graph.problems.map((problem) => [problem.code, problem.nodeId]),
  };
};

describe('a bypassed node', () => {
  test('does not run, and what comes in goes on from its outputs', () => {
    const doc = build(['load', 'clean', 'train'], 'load.data clean.data', 'clean.data train.train');
    setBypass(doc, ['clean'], true, ME);
    expect(pinned(doc)).toEqual({ nodes: ['load', 'train'], edges: ['load.data train.train'], problems: [] });
  });

  test('passes through others that are bypassed, and feeds every output from its one input', () => {
    const doc = build(
      ['load', 'clean', 'split', 'train', 'train2'],
      'load.data clean.data',
      'clean.data split.data',
      'split.train train.train',
      'split.test train2.train',
    );
    setBypass(doc, ['clean', 'split'], true, ME);
    expect(pinned(doc).edges).toEqual(['load.data train.train', 'load.data train2.train']);
    expect(pinned(doc).problems).toEqual([]);
  });

  test('that cannot pass its input on is a problem before the run', () => {
    const twoInputs = build(['load', 'load2', 'join', 'train'], 'load.data join.a', 'load2.data join.b', 'join.data train.train');
    setBypass(twoInputs, ['join'], true, ME);
    expect(pinned(twoInputs)).toMatchObject({ edges: [], problems: [['bypass/blocked', 'join']] });
    const otherType = build(
      ['load', 'split', 'train', 'score'],
      'load.data split.data',
      'split.train train.train',
      'split.test score.test',
      'train.model score.model',
    );
    setBypass(otherType, ['train'], true, ME);
    expect(pinned(otherType).problems).toEqual([['bypass/blocked', 'train']]);
    const unfed = build(['clean', 'train'], 'clean.data train.train');
    setBypass(unfed, ['clean'], true, ME);
    expect(pinned(unfed).problems).toEqual([['bypass/blocked', 'clean']]);
  });

  test('needs no settings and no inputs itself, and somebody has to run', () => {
    const doc = build(['load', 'split']);
    setBypass(doc, ['split'], true, ME);
    expect(pinned(doc).problems).toEqual([]);
    setBypass(doc, ['load'], true, ME);
    expect(pinned(doc).problems).toEqual([['bypass/all', 'load']]);
  });

  test('is one step of undo, and changes what is downstream of it only', () => {
    const doc = build(['load', 'clean', 'train'], 'load.data clean.data', 'clean.data train.train');
    const before = documentText(doc);
    const ran = pinnedFingerprints(pinVersion(projectGraph(doc, cards), new Map()));
    const undo = createUndo(doc, ME);
    setBypass(doc, ['clean'], true, ME);
    const now = liveFingerprints(projectGraph(doc, cards), new Map());
    expect(now.get('load')).toBe(ran.get('load'));
    expect(now.get('train')).not.toBe(ran.get('train'));
    undo.undo();
    expect(documentText(doc)).toBe(before);
    undo.redo();
    expect(pinned(doc).nodes).toEqual(['load', 'train']);
    expect(setBypass(doc, ['clean', 'gone'], true, ME)).toEqual({ ok: true, changed: 0 });
  });
});

import type { CardManifest } from '@ensemble/cards';
import { addFrame, addNode, addNote, connect, liveFingerprints, projectGraph, readPipeline, setBypass, setPin } from '@ensemble/pipeline';
import { RunVersionDetail } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { openPastPipeline, pastCards } from './past-pipeline.ts';

const manifest: CardManifest = {
  cardType: 'card',
  className: 'Card',
  displayName: 'Card',
  description: '',
  category: 'data',
  executionMode: 'local',
  outputViewType: 'table',
  configSchema: {},
  configFields: [],
  inputs: [{ name: 'in', type: 'json' }],
  outputs: [{ name: 'out', type: 'json' }],
  resources: { gpu: 0, timeoutSeconds: 300, network: [] },
  requirements: [],
  retries: 0,
  cache: true,
  scratch: false,
};
const RUN = {
  id: 'run',
  number: 3,
  projectId: 'p',
  pipelineId: 'l',
  state: 'succeeded',
  starter: { userId: 'u', name: 'Ana' },
  isolation: 'L2',
  createdAt: 1,
  startedAt: 1,
  finishedAt: 2,
  scope: null,
  resumes: null,
};

/** What the server would answer for this document, as it comes over the wire. */
function detailOf(doc: Y.Doc): RunVersionDetail {
  const { title, nodes, edges, notes, frames } = readPipeline(doc);
  const ends = [...edges.values()].map(({ id: _id, ...rest }) => rest);
  const cards = { card: { path: 'cards/card.py', sourceHash: 'a'.repeat(64), manifest } };
  return RunVersionDetail.parse(
    JSON.parse(JSON.stringify({ run: RUN, graph: { title, nodes: [...nodes.values()], edges: ends, notes, frames }, cards })),
  );
}

test('an old pipeline reads exactly as the live one did: nodes, wires, notes, frames, pins, fingerprints', () => {
  const live = new Y.Doc();
  const cards = new Map([['card', { manifest, sourceHash: 'a'.repeat(64) }]]);
  for (const id of ['a', 'b', 'c'])
    addNode(live, { id, card: 'card', title: id.toUpperCase(), position: { x: 1.5, y: -2 }, config: { n: [1, { x: 'é' }] } }, 'me');
  connect(live, { source: 'a', sourcePort: 'out', target: 'b', targetPort: 'in' }, cards, 'me');
  setBypass(live, ['b'], true, 'me');
  setPin(live, ['c'], { runId: 'older' }, 'me');
  addNote(live, { id: 'note', position: { x: 9, y: 9 }, text: 'why', color: 'red' }, 'me');
  addFrame(live, { id: 'frame', position: { x: 0, y: 0 }, title: 'Prepare', color: 'blue' }, 'me');

  const detail = detailOf(live);
  const past = openPastPipeline(detail);
  const entries = pastCards(detail);
  expect(projectGraph(past.doc, entries)).toEqual(projectGraph(live, cards));
  expect(liveFingerprints(projectGraph(past.doc, entries), entries)).toEqual(liveFingerprints(projectGraph(live, cards), cards));
  expect(past.facts.get()).toMatchObject({ everSynced: true, readOnly: true });
  past.close();
});

test('a canvas that cannot be drawn says so', () => {
  const detail = detailOf(new Y.Doc());
  const wrong = { ...detail.graph, notes: [{ id: 'n', position: { x: 0, y: 0 }, size: { width: 5, height: 5 }, color: 'puce', text: '' }] };
  expect(() => openPastPipeline({ ...detail, graph: wrong })).toThrow(
    'The canvas of run 3 cannot be drawn: The colour of a note is one of',
  );
});

import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addNode, setBypass, setConfigField } from './edit-nodes.ts';
import { projectGraph } from './project-graph.ts';
import { known, manifest } from './test-support/cards.ts';

const CARDS = known(manifest('ask', [], ['data:dataframe'], [{ name: 'key', type: 'secret', label: 'API key', required: false }]));

test('a card that asks for a secret cannot run yet; one that asks for none, or is bypassed, can', () => {
  const doc = new Y.Doc();
  addNode(doc, { id: 'a', card: 'ask', position: { x: 0, y: 0 } }, 'me');
  addNode(doc, { id: 'b', card: 'ask', position: { x: 0, y: 0 } }, 'me');
  const found = () => projectGraph(doc, CARDS).problems.map(({ code, severity, nodeId, field }) => [code, severity, nodeId, field]);
  expect(found()).toEqual([]);
  setConfigField(doc, 'a', 'key', { $secret: 'API_KEY' }, 'me');
  expect(found()).toEqual([['config/secret-unavailable', 'error', 'a', 'key']]);
  setBypass(doc, ['a'], true, 'me');
  expect(found()).toEqual([]);
});

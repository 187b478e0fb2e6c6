import { addNode, projectGraph, setConfigField } from '@ensemble/pipeline';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { findNodes } from './find-nodes.ts';
import { cardsForTest } from './test-support/cards-for-test.ts';

const ME = { name: 'me' };
const at = { x: 0, y: 0 };
const doc = new Y.Doc();
addNode(doc, { id: 'a', card: 'load', title: 'Customers', position: at }, ME);
addNode(doc, { id: 'b', card: 'split', title: 'Split by time', position: at }, ME);
addNode(doc, { id: 'c', card: 'nowhere', title: 'Old one', position: at }, ME);
setConfigField(doc, 'b', 'column', 'customer_since', ME);
const find = (query: string) => findNodes(projectGraph(doc, cardsForTest()), query);

test('a search finds nodes by title first, then by card, config and problem, and says where', () => {
  expect(find('').map((node) => node.id)).toEqual(['a', 'c', 'b']);
  expect(find('customer').map(({ id, because }) => [id, because])).toEqual([
    ['a', undefined],
    ['b', 'column: customer_since'],
  ]);
  expect(find('no card of this project')[0]).toMatchObject({ id: 'c' });
  expect(find('split since')).toMatchObject([{ id: 'b' }]);
  expect(find('zebra')).toEqual([]);
});

test('what a run and the code say of a node is found as well, and where it is read', () => {
  const graph = projectGraph(doc, cardsForTest());
  const moreOf = ({ id }: { id: string }) =>
    id === 'a'
      ? [
          { text: 'line 12: df = pd.read_csv(path)', tab: 'code' as const },
          { text: 'FileNotFoundError: no such file', tab: 'error' as const },
        ]
      : [];
  expect(findNodes(graph, 'read_csv', moreOf)).toMatchObject([{ id: 'a', tab: 'code', because: 'line 12: df = pd.read_csv(path)' }]);
  expect(findNodes(graph, 'filenotfound', moreOf)).toMatchObject([{ id: 'a', tab: 'error' }]);
  expect(findNodes(graph, 'customers', moreOf)).toMatchObject([{ id: 'a', tab: undefined }]);
});

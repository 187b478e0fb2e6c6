import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { setCacheSetting } from './cache-setting.ts';
import { clipText, copyNodes, readClip } from './clip.ts';
import { addNode } from './edit-nodes.ts';
import { pipelineRoots } from './layout.ts';
import { liveFingerprints, pinVersion } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { readPipeline } from './read-pipeline.ts';
import { CARDS } from './test-support/cards.ts';

const ME = { name: 'me' };

function example(): Y.Doc {
  const doc = new Y.Doc();
  addNode(doc, { id: 'a', card: 'load', position: { x: 0, y: 0 } }, ME);
  return doc;
}
const settingOf = (doc: Y.Doc) => readPipeline(doc).nodes.get('a')?.cache;

test('a cache setting is one key of a node, part of the pinned version and of a copy, and no reason for drift', () => {
  const doc = example();
  const cards = new Map([...CARDS].map(([card]) => [card, { path: `${card}.py`, sourceHash: 'a' }]));
  const before = liveFingerprints(projectGraph(doc, CARDS), cards);
  for (const setting of [{ off: true as const }, { seconds: 3_600 }, { salt: 'June' }, { seconds: 60, salt: 'x' }]) {
    expect(setCacheSetting(doc, 'a', setting, ME)).toEqual({ ok: true });
    expect(settingOf(doc)).toEqual(setting);
    const graph = projectGraph(doc, CARDS);
    expect(pinVersion(graph, cards).nodes[0]?.cache).toEqual(setting);
    expect(liveFingerprints(graph, cards)).toEqual(before);
    expect(readClip(clipText(copyNodes(graph, new Set(['a']))))?.nodes[0]?.cache).toEqual(setting);
  }
  setCacheSetting(doc, 'a', undefined, ME);
  expect(settingOf(doc)).toBeUndefined();
  expect(pinVersion(projectGraph(doc, CARDS), cards).nodes[0]).not.toHaveProperty('cache');
  expect(setCacheSetting(doc, 'gone', { off: true }, ME)).toMatchObject({ ok: false, code: 'node-gone' });
});

test('a value that is no cache setting is refused, and reported where a document holds one', () => {
  const doc = example();
  for (const wrong of [
    {},
    { off: false },
    { seconds: 0 },
    { seconds: 1.5 },
    { seconds: 1e12 },
    { salt: '' },
    { salt: 'a\0' },
    { salt: 7 },
    'off',
  ]) {
    expect(setCacheSetting(doc, 'a', wrong as never, ME), JSON.stringify(wrong)).toMatchObject({ ok: false, code: 'invalid' });
    (pipelineRoots(doc).nodes.get('a') as Y.Map<unknown>).set('cache', wrong);
    const { nodes, problems } = readPipeline(doc);
    expect(nodes.get('a')?.cache).toBeUndefined();
    expect(problems.map(({ code }) => code)).toEqual(['node/repaired']);
  }
});

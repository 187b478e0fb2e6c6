/** A pipeline as people could have made it, chosen by a seed: cards known and unknown, sound and broken edges, notes, frames, circles. */
import { canConnect } from '@ensemble/cards';
import type { JsonObject, JsonValue } from '@ensemble/cards';
import * as Y from 'yjs';
import { ANNOTATION_COLORS } from '../annotation.ts';
import { putEdges } from '../connect.ts';
import { addFrame, addNote } from '../edit-annotations.ts';
import { addNode } from '../edit-nodes.ts';
import type { EdgeEnds, ProjectedNode } from '../model.ts';
import { setCacheSetting } from '../cache-setting.ts';
import { setPin } from '../pins.ts';
import { projectGraph } from '../project-graph.ts';
import { CARDS, known, manifest } from './cards.ts';
import type { Random } from './random.ts';

/** Stands in every value of a secret field, so that a test can look for it anywhere. */
export const SECRET = 's3cr3t';

/** Those of `CARDS`, and `ask`, whose field `key` is for the name of a secret. */
export const PIPELINE_CARDS = new Map([
  ...CARDS,
  ...known(
    manifest('ask', ['data:dataframe', 'extra:json'], ['data:dataframe'], [{ name: 'key', type: 'secret', label: 'Key', required: false }]),
    manifest('report', ['metrics:json'], ['page:json']),
  ),
]);

export function randomPipeline(random: Random, size: number): Y.Doc {
  const doc = new Y.Doc();
  const point = () => ({ x: random.below(4_000) - 2_000, y: random.below(4_000) - 2_000 });
  const box = () => ({ width: 1 + random.below(400), height: 1 + random.below(300) });
  const color = () => random.pick(ANNOTATION_COLORS)!;
  doc.transact(() => {
    for (let index = 0; index < size; index++) {
      const id = `n${index}`;
      const card = random.chance(0.1) ? 'unknown' : random.pick([...PIPELINE_CARDS.keys()])!;
      addNode(
        doc,
        {
          id,
          card,
          position: point(),
          title: randomText(random),
          config: randomConfig(random, card),
          ...(random.chance(0.2) && { bypassed: true }),
        },
        'made',
      );
      if (random.chance(0.2)) setPin(doc, [id], { runId: 'run-1' }, 'made');
      if (index % 3 === 1) setCacheSetting(doc, id, index % 2 === 0 ? { off: true } : { seconds: 60, salt: 'a' }, 'made');
      if (random.chance(0.3))
        addNote(doc, { id: `note${index}`, position: point(), size: box(), text: randomText(random), color: color() }, 'made');
      if (random.chance(0.2))
        addFrame(doc, { id: `frame${index}`, position: point(), size: box(), title: randomText(random), color: color() }, 'made');
    }
    const { nodes } = projectGraph(doc, PIPELINE_CARDS);
    const end = () => `n${random.below(size)}`;
    const port = () => random.pick(['data', 'train', 'test', 'model', 'metrics', 'gone'])!;
    const anyEnds = () => ({ source: end(), sourcePort: port(), target: end(), targetPort: port() });
    for (let count = random.below(size * 3); count > 0; count--)
      putEdges(doc, [random.chance(0.3) ? anyEnds() : (random.pick(soundEnds(nodes, random)) ?? anyEnds())], 'made');
  });
  return doc;
}

/** From one node, wherever the types let it lead. */
function soundEnds(nodes: readonly ProjectedNode[], random: Random): EdgeEnds[] {
  const source = random.pick(nodes);
  return (source?.manifest?.outputs ?? []).flatMap((output) =>
    nodes.flatMap((target) =>
      (target.manifest?.inputs ?? [])
        .filter((input) => target !== source && canConnect(output.type, input.type).ok)
        .map((input) => ({ source: source!.id, sourcePort: output.name, target: target.id, targetPort: input.name })),
    ),
  );
}

function randomConfig(random: Random, card: string): JsonObject {
  const config: JsonObject = {};
  for (const field of ['ratio', 'seed', 'list', 'file', 'constructor'])
    if (random.chance(0.4)) config[field] = field === 'file' ? { $file: 'a'.repeat(64), name: 'rows.csv' } : randomJson(random, 3);
  // By mistake a person can have typed the secret itself.
  if (card === 'ask') config.key = random.chance(0.5) ? { $secret: SECRET.toUpperCase() } : SECRET;
  return config;
}

function randomJson(random: Random, depth: number): JsonValue {
  const plain = random.pick<JsonValue>([null, true, -1, 0.5, 1e300, '', randomText(random)])!;
  if (depth === 0 || random.chance(0.5)) return plain;
  const items = Array.from({ length: random.below(4) }, () => randomJson(random, depth - 1));
  return random.chance(0.5) ? items : Object.fromEntries(items.map((item, index) => [`k${index}`, item]));
}

const randomText = (random: Random): string =>
  random.pick(['', 'Rows', '# Größe 👍\n\n- a', '"quoted" \\ \u2028', '{"type":"ensemble/clip"}'])!;

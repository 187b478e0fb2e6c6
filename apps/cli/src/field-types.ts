/** Tells the type of a config field of a node, so that `--set name=5` stays text where the card wants text. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigField } from '@ensemble/cards';
import { loadCardReader } from '@ensemble/cards/node';
import { type ProjectFolder, readSource } from './project-folder.ts';

const builtInCards = path.resolve(import.meta.dirname, '../../../runner/python/cards/std');

/** Returns undefined for nodes, cards and fields it does not know: the server reports those. */
export async function loadFieldTypes(folder: ProjectFolder): Promise<(nodeId: string, field: string) => ConfigField['type'] | undefined> {
  const reader = await loadCardReader();
  const fieldsOf = new Map<string, ConfigField[]>();
  const sources = folder.cards.map((card) => card.source);
  for (const name of await readdir(builtInCards)) if (name.endsWith('.py')) sources.push(await readSource(path.join(builtInCards, name)));
  for (const source of sources) {
    const { manifest } = reader.read(source);
    if (manifest && !fieldsOf.has(manifest.cardType)) fieldsOf.set(manifest.cardType, manifest.configFields);
  }
  const cardOf = new Map(folder.nodes.map((node) => [node.id, node.card]));
  return (nodeId, field) => fieldsOf.get(cardOf.get(nodeId) ?? '')?.find((one) => one.name === field)?.type;
}

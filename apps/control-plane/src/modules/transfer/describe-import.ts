/**
 * What the pipelines of an import mean with the cards that are there: which connections were bound by a rule, which card
 * types were found under another name, and what has no meaning. Pure; writes nothing.
 */
import type { CardManifest } from '@ensemble/cards';
import { edgeId, projectContent } from '@ensemble/pipeline';
import type { ImportFinding, KnownCards, PipelineFile } from '@ensemble/pipeline';
import { count } from './read-project-folder.ts';

/** Nodes of a type that no card has get the one card that is surely meant. Changes `pipeline`. */
export function findRenamedTypes(pipeline: PipelineFile, cards: KnownCards): ImportFinding[] {
  const own = [...cards.values()].flatMap(({ manifest }) => (manifest ? [manifest] : []));
  const findings: ImportFinding[] = [];
  for (const type of new Set(pipeline.nodes.map(({ card }) => card))) {
    if (cards.has(type)) continue;
    const candidates = own.filter(({ cardType }) => plain(cardType) === plain(type));
    const [card] = candidates;
    if (!card || candidates.length > 1) continue;
    const nodes = pipeline.nodes.filter((node) => node.card === type);
    for (const node of nodes) node.card = card.cardType;
    const message = `${count(nodes.length, 'node')} of the card type "${type}" ${nodes.length === 1 ? 'uses' : 'use'} "${card.cardType}", the only card of nearly that name.`;
    findings.push({ kind: 'guessed', code: 'card-type-renamed', message });
  }
  return findings;
}

const plain = (type: string): string => type.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

export function describePipeline(pipeline: PipelineFile, cards: KnownCards): ImportFinding[] {
  const { name, nodes, edges, notes, frames } = pipeline;
  const graph = projectContent(
    {
      title: pipeline.title ?? '',
      nodes: new Map(nodes.map((node) => [node.id, node])),
      edges: new Map(edges.map((ends) => [edgeId(ends), { id: edgeId(ends), ...ends }])),
      notes: [],
      frames: [],
      nodeIds: new Set(nodes.map(({ id }) => id)),
      problems: [],
    },
    cards,
  );
  const beside = notes.length + frames.length;
  const findings: ImportFinding[] = [
    {
      kind: 'mapped',
      code: 'pipeline',
      message: `The pipeline "${name}" with ${count(nodes.length, 'node')} and ${count(edges.length, 'connection')}${beside > 0 ? `, and ${count(beside, 'note')} or frames` : ''}.`,
    },
  ];
  for (const ends of edges) {
    if (ends.sourcePort !== '' && ends.targetPort !== '') continue;
    const bound = graph.edges.find((edge) => edge.id === edgeId(ends) && !edge.broken);
    if (!bound) continue;
    const message = `"${ends.source}" gives its "${bound.sourcePort}" to "${bound.targetPort}" of "${ends.target}": the file names no ports, and these fit by name or as the only ones of their type.`;
    findings.push({ kind: 'guessed', code: 'ports-bound', message, nodeId: ends.target });
  }
  for (const { code, message, nodeId } of graph.problems) {
    if (code.startsWith('edge/'))
      findings.push({ kind: 'not-understood', code: 'connection-broken', message, ...(nodeId === undefined ? {} : { nodeId }) });
  }
  const unknown = Map.groupBy(
    nodes.filter(({ card }) => !cards.has(card)),
    ({ card }) => card,
  );
  for (const [type, of] of unknown) {
    const message = `No card file has the type "${type}", which ${count(of.length, 'node')} of "${name}" ${of.length === 1 ? 'uses' : 'use'}. Kept as they are; they run once the card is there.`;
    findings.push({ kind: 'not-understood', code: 'card-type-unknown', message, nodeId: of[0]!.id });
  }
  for (const node of nodes) {
    const manifest = cards.get(node.card)?.manifest;
    if (manifest) findings.push(...unknownConfig(node.id, Object.keys(node.config), manifest));
    if (node.pin) {
      const message = `"${node.id}" is pinned to the result of a run. Results are not exported: unpin it, or run it where that result is.`;
      findings.push({ kind: 'not-understood', code: 'pin', message, nodeId: node.id });
    }
  }
  return findings;
}

function unknownConfig(nodeId: string, fields: readonly string[], manifest: CardManifest): ImportFinding[] {
  const known = new Set(manifest.configFields.map(({ name }) => name));
  return fields
    .filter((field) => !known.has(field))
    .map((field) => ({
      kind: 'not-understood',
      code: 'config-unknown',
      message: `The field "${field}" of "${nodeId}" is none of its card's. It was kept.`,
      nodeId,
      field,
    }));
}

/**
 * Which nodes of which pipelines use a card. Each pipeline's list is read from its document once and kept until the document
 * changes, so that asking again costs nothing. Also moves nodes to the present type of a card.
 */
import { changeNodeCard, readPipeline } from '@ensemble/pipeline';
import { documentName, parseDocumentName, type CardUses, type MoveNodesResult, type PipelineUse } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Cards } from './cards.ts';

type PipelineDocument = Parameters<typeof readPipeline>[0];

export interface CardUsesOptions {
  cards: Pick<Cards, 'cardsOfProject' | 'trashOfProject'>;
  pipelinesOf(projectId: string): Promise<{ id: string; name: string }[]>;
  readDocument<T>(name: string, look: (doc: PipelineDocument) => T): Promise<T>;
  editDocument(name: string, actor: string, change: (doc: PipelineDocument) => void): Promise<void>;
}

export interface CardUsage {
  usesOf(projectId: string, cardId: string): Promise<CardUses>;
  /** Gives the nodes of a former type the present one, in every pipeline of the project, under the name of `actor`. */
  moveNodes(projectId: string, cardId: string, from: string, actor: string): Promise<MoveNodesResult>;
  documentChanged(name: string): void;
}

/** Card type → its nodes in one pipeline. */
type Nodes = ReadonlyMap<string, { nodeId: string; title: string }[]>;

const LISTED_NODES = 100;
const KEPT_PIPELINES = 2_000;
const READ_AT_ONCE = 8;

export function createCardUses({ cards, pipelinesOf, readDocument, editDocument }: CardUsesOptions): CardUsage {
  const known = new Map<string, Promise<Nodes>>();

  function nodesOf(pipelineId: string): Promise<Nodes> {
    let nodes = known.get(pipelineId);
    if (!nodes) {
      nodes = readDocument(documentName('pipeline', pipelineId), byType);
      // A change that comes while the document is read takes this away again.
      if (known.size >= KEPT_PIPELINES) known.delete(known.keys().next().value ?? '');
      known.set(pipelineId, nodes);
      const reading = nodes;
      nodes.catch(() => known.get(pipelineId) === reading && known.delete(pipelineId));
    }
    return nodes;
  }

  async function usesByType(projectId: string, types: readonly string[]): Promise<Map<string, PipelineUse[]>> {
    const uses = new Map(types.map((type): [string, PipelineUse[]] => [type, []]));
    const pipelines = await pipelinesOf(projectId);
    for (let at = 0; at < pipelines.length; at += READ_AT_ONCE) {
      const some = pipelines.slice(at, at + READ_AT_ONCE);
      const read = await Promise.all(some.map(({ id }) => nodesOf(id)));
      for (const [index, { id, name }] of some.entries()) {
        for (const type of types) {
          const nodes = read[index]!.get(type);
          if (nodes) uses.get(type)!.push({ pipelineId: id, name, count: nodes.length, nodes: nodes.slice(0, LISTED_NODES) });
        }
      }
    }
    return uses;
  }

  /** The present type of a card, and those it had that no other card has. */
  async function typesOf(projectId: string, cardId: string): Promise<{ present: string | undefined; former: string[] }> {
    const files = [...(await cards.cardsOfProject(projectId)).entries()];
    const file = files.find(([, candidate]) => candidate.cardId === cardId)?.[1];
    const owners = new Map(files.map(([type, owner]) => [type, owner.cardId]));
    if (!file) return await typesOfTrashed(projectId, cardId, owners);
    const present = file.manifest?.cardType;
    // Of two files with one type the older one has the nodes.
    const own = present !== undefined && owners.get(present) === cardId ? present : undefined;
    return { present: own, former: file.formerTypes.filter((type) => !owners.has(type)) };
  }

  /** Its nodes wait for it to be restored, unless another card has its type now. */
  async function typesOfTrashed(
    projectId: string,
    cardId: string,
    owners: ReadonlyMap<string, string>,
  ): Promise<{ present: string | undefined; former: string[] }> {
    const trashed = (await cards.trashOfProject(projectId)).get(cardId);
    if (!trashed) throw notFound('card file');
    const { cardType } = trashed;
    return { present: cardType !== undefined && !owners.has(cardType) ? cardType : undefined, former: [] };
  }

  return {
    async usesOf(projectId, cardId) {
      const { present, former } = await typesOf(projectId, cardId);
      const uses = await usesByType(projectId, [...(present === undefined ? [] : [present]), ...former]);
      return {
        cardType: present ?? null,
        pipelines: uses.get(present ?? '') ?? [],
        former: former.map((cardType) => ({ cardType, pipelines: uses.get(cardType)! })).filter(({ pipelines }) => pipelines.length > 0),
      };
    },
    async moveNodes(projectId, cardId, from, actor) {
      const { present, former } = await typesOf(projectId, cardId);
      if (present === undefined)
        throw new ApiError('conflict', 'This card has no valid card_type of its own at the moment. Mend it first.');
      if (!former.includes(from))
        throw new ApiError(
          'conflict',
          `"${from.slice(0, 80)}" is no former type of this card, or another card has it now. Nothing was moved.`,
        );
      const uses = (await usesByType(projectId, [from])).get(from)!;
      let nodes = 0;
      for (const { pipelineId } of uses) {
        await editDocument(documentName('pipeline', pipelineId), actor, (doc) => {
          const ids = (byType(doc).get(from) ?? []).map(({ nodeId }) => nodeId);
          changeNodeCard(doc, ids, present, actor);
          nodes += ids.length;
        });
      }
      return { nodes, pipelines: uses.length };
    },
    documentChanged(name) {
      const ref = parseDocumentName(name);
      if (ref?.kind === 'pipeline') known.delete(ref.id);
    },
  };
}

function byType(doc: PipelineDocument): Nodes {
  const types = new Map<string, { nodeId: string; title: string }[]>();
  for (const { id, card, title } of readPipeline(doc).nodes.values()) {
    const nodes = types.get(card);
    if (nodes) nodes.push({ nodeId: id, title });
    else types.set(card, [{ nodeId: id, title }]);
  }
  return types;
}

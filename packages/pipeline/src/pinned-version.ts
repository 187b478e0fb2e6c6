/**
 * An immutable state of a pipeline and the cards it uses, as runs execute it. Positions are no
 * part of it. Pure: hashing and storing are the caller's.
 */
import { canonicalJson, fillDefaults } from '@ensemble/cards';
import type { JsonObject } from '@ensemble/cards';
import { passThrough } from './bypass.ts';
import { compareText, nodeLabel } from './model.ts';
import type { CacheSetting, EdgeEnds, ProjectedNode } from './model.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { shortHash } from './short-hash.ts';

export interface PinnedNode {
  id: string;
  card: string;
  /** What people call the node; never empty. */
  title: string;
  /** Defaults filled in. */
  config: JsonObject;
  cache?: CacheSetting;
}

/** Where the source of a card was and what it was. */
export interface PinnedCard {
  path: string;
  sourceHash: string;
}

/** Plain JSON. */
export interface PinnedVersion {
  v: 1;
  title: string;
  /** In order of id. */
  nodes: PinnedNode[];
  /** Ports are named; in order of ends. */
  edges: EdgeEnds[];
  /** Card type → source. Holds the cards of `nodes`, as far as they are known. */
  cards: Record<string, PinnedCard>;
}

/**
 * Bypassed nodes are left out and edges go through them. Broken edges are left out and unknown cards have no entry in `cards`: check `problems` before a run.
 * For a part of the pipeline give a graph of that part.
 */
export function pinVersion(
  graph: Pick<ProjectedGraph, 'title' | 'nodes' | 'edges'>,
  cards: ReadonlyMap<string, PinnedCard>,
): PinnedVersion {
  const running = graph.nodes.filter((node) => !node.bypassed);
  const used = [...new Set(running.map((node) => node.card))].sort(compareText);
  return {
    v: 1,
    title: graph.title,
    nodes: running.map((node) => ({
      id: node.id,
      card: node.card,
      title: nodeLabel(node),
      config: filledConfig(node),
      ...(node.cache && { cache: node.cache }),
    })),
    edges: passThrough(graph.nodes, graph.edges).edges.sort((a, b) =>
      compareText(JSON.stringify(endsList(a)), JSON.stringify(endsList(b))),
    ),
    cards: Object.fromEntries(
      used.flatMap((card) => {
        const known = cards.get(card);
        return known ? [[card, { path: known.path, sourceHash: known.sourceHash }]] : [];
      }),
    ),
  };
}

/** The text to hash: equal versions have equal text, whatever the order of keys. */
export const versionText = (version: PinnedVersion): string => canonicalJson(version);

/** What decides the result of a node, itself considered: equal text means nothing relevant changed. */
export interface FingerprintParts {
  card: string;
  /** Defaults filled in. */
  config: JsonObject;
  /** Edges that end at the node, in any order. */
  incoming: readonly EdgeEnds[];
  sourceHash: string | undefined;
}

export function nodeFingerprint({ card, config, incoming, sourceHash }: FingerprintParts): string {
  const inputs = incoming.map((edge) => JSON.stringify([edge.targetPort, edge.source, edge.sourcePort])).sort(compareText);
  return shortHash(canonicalJson([card, config, inputs, sourceHash ?? null]));
}

/** Of the live graph: node id → fingerprint. Compare with those of the version a run pinned. */
export function liveFingerprints(
  graph: Pick<ProjectedGraph, 'nodes' | 'edges'>,
  cards: ReadonlyMap<string, Pick<PinnedCard, 'sourceHash'>>,
): Map<string, string> {
  const incoming = edgesByTarget(passThrough(graph.nodes, graph.edges).edges);
  return new Map(
    graph.nodes.map((node) => [
      node.id,
      nodeFingerprint({
        card: node.card,
        config: filledConfig(node),
        incoming: incoming.get(node.id) ?? [],
        sourceHash: cards.get(node.card)?.sourceHash,
      }),
    ]),
  );
}

export function pinnedFingerprints(version: PinnedVersion): Map<string, string> {
  const incoming = edgesByTarget(version.edges);
  return new Map(
    version.nodes.map((node) => {
      const sourceHash = Object.hasOwn(version.cards, node.card) ? version.cards[node.card]?.sourceHash : undefined;
      return [node.id, nodeFingerprint({ card: node.card, config: node.config, incoming: incoming.get(node.id) ?? [], sourceHash })];
    }),
  );
}

const filledConfig = (node: ProjectedNode): JsonObject =>
  node.manifest ? fillDefaults(node.manifest.configFields, node.config) : node.config;

function edgesByTarget(edges: readonly EdgeEnds[]): Map<string, EdgeEnds[]> {
  const byTarget = new Map<string, EdgeEnds[]>();
  for (const edge of edges) {
    const list = byTarget.get(edge.target);
    if (list) list.push(edge);
    else byTarget.set(edge.target, [edge]);
  }
  return byTarget;
}

const endsList = (ends: EdgeEnds): string[] => [ends.source, ends.sourcePort, ends.target, ends.targetPort];

/** The graph as plain data, free of Yjs: what is read from a document, projected, pinned, imported. */
import type { CardManifest, Diagnostic, JsonObject } from '@ensemble/cards';
import { shortHash } from './short-hash.ts';

/** Flow coordinates. */
export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface PipelineNode {
  id: string;
  /** Card type. */
  card: string;
  /** Empty: show the card's display name. */
  title: string;
  position: Point;
  size?: Size;
  /** As people set it, defaults not filled in. */
  config: JsonObject;
  /** Does not run; see `bypass.ts`. */
  bypassed?: true;
  /** Takes its result from an earlier run; see `pins.ts`. */
  pin?: Pin;
  /** Whether runs may take its result from the cache; absent: as the card says. See `cache-setting.ts`. */
  cache?: CacheSetting;
}

/** `off`: it is always executed. `seconds`: a result counts that long. `salt`: another text is another result. */
export type CacheSetting = { off: true } | { seconds?: number; salt?: string };

/** Where the result of a pinned node comes from: its own step in that run. */
export interface Pin {
  runId: string;
}

export interface ProjectedNode extends PipelineNode {
  /** The last valid one; absent while the card is unknown or was never valid. */
  manifest?: CardManifest;
}

/** What people call a node. */
export const nodeLabel = (node: ProjectedNode): string => node.title || node.manifest?.displayName || node.card;

/** Node ids and port names. An empty port name is bound by name or type: see `bindPorts`. */
export interface EdgeEnds {
  source: string;
  sourcePort: string;
  target: string;
  targetPort: string;
}

export interface PipelineEdge extends EdgeEnds {
  id: string;
}

export interface PipelineGraph {
  title: string;
  nodes: PipelineNode[];
  edges: PipelineEdge[];
}

/** What is known of one card type. `manifest` is the last valid one; `diagnostics` are of the present source. */
export interface KnownCard {
  manifest?: CardManifest;
  diagnostics?: readonly Diagnostic[];
  /** Instead of the others: where the card of this type has gone. */
  lost?: LostCard;
}
/** Nodes name a type that no card has any more: its card goes by another type now, or its file is in the trash. */
export type LostCard = { kind: 'renamed'; cardType: string } | { kind: 'trashed'; path: string };
export type KnownCards = ReadonlyMap<string, KnownCard>;

/** Two people who draw the same connection make one edge, because its id follows from its ends. */
export function edgeId(ends: EdgeEnds): string {
  return shortHash(JSON.stringify([ends.source, ends.sourcePort, ends.target, ends.targetPort]));
}

/** Code-unit order: the same on every machine, unlike locale order and unlike the order inside a Y.Map. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

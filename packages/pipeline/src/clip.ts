/**
 * A part of a pipeline as text on the clipboard: copied from one pipeline, pasted into any other of this or another
 * project. The text comes from outside and is checked like any input. Knows neither the clipboard nor the document.
 */
import { isSecretValue } from '@ensemble/cards';
import type { JsonObject } from '@ensemble/cards';
import * as z from 'zod';
import { parseFrame, parseNote } from './annotation-json.ts';
import type { NewFrame, NewNote } from './annotation.ts';
import { readCacheSetting } from './cache-setting.ts';
import { checkNewNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import { LIMITS } from './layout.ts';
import type { EdgeEnds, Point, ProjectedNode } from './model.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { readEnds } from './read-pipeline.ts';
import type { GraphToWrite } from './write-graph.ts';

/** Also tells our text from any other on the clipboard. */
const MARK = 'ensemble/clip';
/** A paste is one update on the wire, and a person waits for it. */
export const MAX_CLIP_NODES = 5_000;

export interface Clip {
  nodes: NewNode[];
  notes: NewNote[];
  frames: NewFrame[];
  /** Between nodes of the clip only. */
  edges: EdgeEnds[];
}

const List = z.array(z.unknown());
const ClipText = z.object({
  type: z.literal(MARK),
  v: z.literal(1),
  nodes: List,
  edges: List,
  notes: List.default([]),
  frames: List.default([]),
});
const ClipNode = z.object({
  id: z.string(),
  card: z.string(),
  title: z.string().max(LIMITS.titleLength).optional(),
  position: z.object({ x: z.number(), y: z.number() }),
  size: z.object({ width: z.number(), height: z.number() }).optional(),
  config: z.record(z.string(), z.json()).optional(),
  bypassed: z.literal(true).optional(),
  cache: z.json().optional(),
});

/** The chosen nodes, notes and frames as they are set, with the edges between the nodes; files stay `{"$file"}` values, secrets stay behind. */
export function copyNodes(graph: Pick<ProjectedGraph, 'nodes' | 'edges' | 'notes' | 'frames'>, ids: ReadonlySet<string>): Clip {
  const plain = (node: ProjectedNode): NewNode => ({
    id: node.id,
    card: node.card,
    title: node.title,
    position: node.position,
    ...(node.size ? { size: node.size } : {}),
    config: withoutSecrets(node),
    ...(node.bypassed ? { bypassed: node.bypassed } : {}),
    ...(node.cache ? { cache: node.cache } : {}),
  });
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)).map(plain),
    notes: graph.notes.filter((note) => ids.has(note.id)),
    frames: graph.frames.filter((frame) => ids.has(frame.id)),
    edges: graph.edges
      .filter((edge) => ids.has(edge.source) && ids.has(edge.target))
      .map(({ source, sourcePort, target, targetPort }) => ({ source, sourcePort, target, targetPort })),
  };
}

/** Another project has other secrets, and a person may have typed the secret itself where its name belongs. */
function withoutSecrets({ config, manifest }: ProjectedNode): JsonObject {
  const secret = new Set(manifest?.configFields.filter((field) => field.type === 'secret').map((field) => field.name));
  return Object.fromEntries(Object.entries(config).filter(([field, value]) => !secret.has(field) && !isSecretValue(value)));
}

/** Everything of a clip or of a graph to write that has a place. */
export const placedIn = (graph: Pick<GraphToWrite, 'nodes' | 'notes' | 'frames'>): (NewNode | NewNote | NewFrame)[] => [
  ...graph.nodes,
  ...(graph.notes ?? []),
  ...(graph.frames ?? []),
];

export const clipText = (clip: Clip): string => JSON.stringify({ type: MARK, v: 1, ...clip });

/** `undefined` when the text is no clip, or holds something that could not be written. Never throws. */
export function readClip(text: string): Clip | undefined {
  if (!text.includes(MARK)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = ClipText.safeParse(json);
  if (!read.success || placedCount(read.data) > MAX_CLIP_NODES) return undefined;
  const nodes = new Map<string, NewNode>();
  for (const raw of read.data.nodes) {
    const node = ClipNode.safeParse(raw);
    if (!node.success || nodes.has(node.data.id)) return undefined;
    const { title, size, config, bypassed, cache, ...rest } = node.data;
    const setting = readCacheSetting(cache);
    const made: NewNode = {
      ...rest,
      title: title ?? '',
      ...(size ? { size } : {}),
      config: config ?? {},
      ...(bypassed ? { bypassed } : {}),
      ...(setting ? { cache: setting } : {}),
    };
    if (checkNewNode(made)) return undefined;
    nodes.set(made.id, made);
  }
  const edges: EdgeEnds[] = [];
  for (const raw of read.data.edges) {
    const ends = readEnds(raw);
    if (!ends || !nodes.has(ends.source) || !nodes.has(ends.target)) return undefined;
    edges.push(ends);
  }
  const notes = read.data.notes.map(parseNote);
  const frames = read.data.frames.map(parseFrame);
  const clip = { nodes: [...nodes.values()], notes: notes.filter(isDefined), frames: frames.filter(isDefined), edges };
  const ids = new Set(placedIn(clip).map((item) => item.id));
  // One that is unreadable, or two of one id.
  return ids.size === placedCount(read.data) ? clip : undefined;
}

const placedCount = (lists: Record<'nodes' | 'notes' | 'frames', unknown[]>): number =>
  lists.nodes.length + lists.notes.length + lists.frames.length;
const isDefined = <T>(value: T | undefined): value is T => value !== undefined;

/** The clip under ids of its own, moved by `by`: paste it as often as you like. */
export function freshGraph(clip: Clip, newId: () => string, by: Point): GraphToWrite {
  const ids = new Map(placedIn(clip).map((item) => [item.id, newId()]));
  const within = (value: number) => Math.max(-LIMITS.coordinate, Math.min(LIMITS.coordinate, Math.round(value)));
  const fresh = <Item extends { id: string; position: Point }>(item: Item): Item => ({
    ...item,
    id: ids.get(item.id)!,
    position: { x: within(item.position.x + by.x), y: within(item.position.y + by.y) },
  });
  return {
    nodes: clip.nodes.map(fresh),
    notes: clip.notes.map(fresh),
    frames: clip.frames.map(fresh),
    edges: clip.edges.map((edge) => ({ ...edge, source: ids.get(edge.source)!, target: ids.get(edge.target)! })),
  };
}

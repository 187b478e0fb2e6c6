/**
 * The canvas as people saw it when a run started: everything that the pinned version leaves out because it decides no
 * result (places, notes, bypassed nodes). Kept beside the version, so that moving a node makes no new version. Pure.
 */
import { layersOf, topologyOf } from '@ensemble/pipeline';
import type { PinnedCard, PipelineContent } from '@ensemble/pipeline';
import { DrawnGraph } from '@ensemble/protocol';
import { z } from 'zod';
import type { RunVersion } from './run-version.ts';

/** The content of the artifact. */
export const RunCanvas = z.object({
  format: z.literal(1),
  graph: DrawnGraph,
  /** Of all nodes, also those that did not run. */
  cards: z.record(z.string(), z.object({ path: z.string(), sourceHash: z.string() })),
});
export type RunCanvas = z.infer<typeof RunCanvas>;

export function canvasOf({ title, nodes, edges, notes, frames }: PipelineContent, cards: ReadonlyMap<string, PinnedCard>): RunCanvas {
  const drawn = [...nodes.values()];
  const used = new Set(drawn.map((node) => node.card));
  const shown = [...edges.values()].filter((edge) => nodes.has(edge.source) && nodes.has(edge.target));
  return {
    format: 1,
    graph: {
      title,
      nodes: drawn,
      edges: shown.map(({ source, sourcePort, target, targetPort }) => ({ source, sourcePort, target, targetPort })),
      notes,
      frames,
    },
    cards: Object.fromEntries([...cards].flatMap(([card, { path, sourceHash }]) => (used.has(card) ? [[card, { path, sourceHash }]] : []))),
  };
}

const COLUMN = 320;
const ROW = 220;

/** For runs that were started before canvases were kept: what ran, in columns by what waits for what. */
export function canvasOfVersion({ graph }: Pick<RunVersion, 'graph'>): RunCanvas {
  const ids = graph.nodes.map((node) => node.id);
  const place = new Map<string, { x: number; y: number }>();
  layersOf(topologyOf(ids, graph.edges)).forEach((layer, column) =>
    layer.forEach((id, row) => place.set(id, { x: column * COLUMN, y: row * ROW })),
  );
  return {
    format: 1,
    graph: {
      title: graph.title,
      nodes: graph.nodes.map(({ id, card, title, config }) => ({ id, card, title, config, position: place.get(id) ?? { x: 0, y: 0 } })),
      edges: graph.edges,
      notes: [],
      frames: [],
    },
    cards: graph.cards,
  };
}

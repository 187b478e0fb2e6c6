/** A run's pipeline as it was when the run started: what to draw, and where the source of its cards is. */
import { z } from 'zod';
import { Sha256 } from '../step-state.ts';
import { RunSummary } from './api.ts';

const Point = z.object({ x: z.number(), y: z.number() });
const Size = z.object({ width: z.number(), height: z.number() });

/** Whether runs may take the result of a node from the cache: not at all, for so many seconds, only one made under this salt. */
const CacheSetting = z.union([
  z.strictObject({ off: z.literal(true) }),
  z.strictObject({ seconds: z.number().int().positive().optional(), salt: z.string().optional() }),
]);

/** The canvas as plain data, fit for `writeGraph` of `@ensemble/pipeline`. */
export const DrawnGraph = z.object({
  title: z.string(),
  nodes: z.array(
    z.object({
      id: z.string(),
      /** Card type. */
      card: z.string(),
      title: z.string(),
      position: Point,
      size: Size.optional(),
      /** As people had set it, overrides of the run included. */
      config: z.record(z.string(), z.json()),
      bypassed: z.literal(true).optional(),
      pin: z.object({ runId: z.string() }).optional(),
      cache: CacheSetting.optional(),
    }),
  ),
  edges: z.array(z.object({ source: z.string(), sourcePort: z.string(), target: z.string(), targetPort: z.string() })),
  notes: z.array(z.object({ id: z.string(), position: Point, size: Size, color: z.string(), text: z.string() })),
  frames: z.array(z.object({ id: z.string(), position: Point, size: Size, color: z.string(), title: z.string() })),
});
export type DrawnGraph = z.infer<typeof DrawnGraph>;

export const RunVersionDetail = z.object({
  run: RunSummary,
  graph: DrawnGraph,
  /** By card type. `manifest` as it was read from that source; absent where the card was never valid. */
  cards: z.record(z.string(), z.object({ path: z.string(), sourceHash: Sha256, manifest: z.json().optional() })),
});
export type RunVersionDetail = z.infer<typeof RunVersionDetail>;

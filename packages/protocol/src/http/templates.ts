/** The templates gallery over HTTP. */
import { z } from 'zod';

const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const Line = z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() });

/** Boxes for nodes and ends of lines for edges, in one plane of `width` × `height`; colours are the reader's. */
export const TemplateThumbnail = z.object({ width: z.number(), height: z.number(), nodes: z.array(Box), edges: z.array(Line) });
export type TemplateThumbnail = z.infer<typeof TemplateThumbnail>;

export const Template = z.object({
  /** Its folder, as `POST /api/projects/:id/templates/:name` wants it. */
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** How many cards are on its canvas. */
  cards: z.number().int(),
  thumbnail: TemplateThumbnail,
});
export type Template = z.infer<typeof Template>;

/** Card files over HTTP: making, moving, throwing away and restoring them, and where a card is used. */
import { z } from 'zod';

/** What a new card file can start from: a valid card each. */
export const CARD_TEMPLATES = ['data_source', 'transform', 'model', 'evaluation', 'image', 'llm_prompt'] as const;
export type CardTemplateName = (typeof CARD_TEMPLATES)[number];

/** What is wrong with a path is said by the server in a sentence; this only bounds what it has to read. */
const CardPath = z.string().max(10_000);

export const CardTemplate = z.object({
  name: z.enum(CARD_TEMPLATES),
  title: z.string(),
  description: z.string(),
  category: z.string(),
});
export type CardTemplate = z.infer<typeof CardTemplate>;

/** From a template, or as a copy of a card file or a built-in card; a copy without a path gets a free one. */
export const CreateCardBody = z.union([
  z.object({ path: CardPath, template: z.enum(CARD_TEMPLATES) }).strict(),
  z.object({ path: CardPath.optional(), copyOf: z.string().max(100) }).strict(),
]);
export type CreateCardBody = z.infer<typeof CreateCardBody>;

export const MoveCardBody = z.object({ path: CardPath });
/** Folders without a slash at the end, such as `cards/data`. */
export const MoveFolderBody = z.object({ from: CardPath, to: CardPath });
export const CardIdsBody = z.object({ cardIds: z.array(z.string().max(100)).min(1).max(1_000) });

export const CardFileInfo = z.object({
  cardId: z.string(),
  path: z.string(),
  /** Of its last valid manifest. */
  cardType: z.string().nullable(),
});
export type CardFileInfo = z.infer<typeof CardFileInfo>;

export const CardFilesResult = z.object({
  files: z.array(CardFileInfo),
  /** What else may have to be done, such as imports that name the old file; one sentence each. */
  notes: z.array(z.string()),
});
export type CardFilesResult = z.infer<typeof CardFilesResult>;

/** The nodes of one pipeline; `nodes` lists the first ones, `count` says how many there are. */
export const PipelineUse = z.object({
  pipelineId: z.string(),
  name: z.string(),
  count: z.number().int(),
  nodes: z.array(z.object({ nodeId: z.string(), title: z.string() })),
});
export type PipelineUse = z.infer<typeof PipelineUse>;

export const CardUses = z.object({
  cardType: z.string().nullable(),
  pipelines: z.array(PipelineUse),
  /** Nodes that still name a type this card had before, and that no other card has. */
  former: z.array(z.object({ cardType: z.string(), pipelines: z.array(PipelineUse) })),
});
export type CardUses = z.infer<typeof CardUses>;

export const MoveNodesBody = z.object({ from: z.string().min(1).max(200) });
export const MoveNodesResult = z.object({ nodes: z.number().int(), pipelines: z.number().int() });
export type MoveNodesResult = z.infer<typeof MoveNodesResult>;

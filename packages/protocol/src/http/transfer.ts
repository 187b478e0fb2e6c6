/** Import and export of whole projects over HTTP, and the folder that `ensemble sync` keeps equal to a project. */
import { z } from 'zod';
import { Sha256 } from '../step-state.ts';

/** Largest zip that can be imported. */
export const MAX_ARCHIVE_BYTES = 64 * 1024 ** 2;
/** Data files are put into an export as long as they are not more than this together. */
export const MAX_EXPORTED_DATA_BYTES = 48 * 1024 ** 2;

/** One fact of an import. `mapped`: taken over. `guessed`: filled in by a rule, worth a look. `not-understood`: left out, or without meaning here. */
export const ImportFinding = z.object({
  kind: z.enum(['mapped', 'guessed', 'not-understood']),
  /** Findings of one code are one group. */
  code: z.string(),
  message: z.string(),
  nodeId: z.string().optional(),
  field: z.string().optional(),
  path: z.string().optional(),
});
export type ImportFinding = z.infer<typeof ImportFinding>;

/** Answer to a zip: all of it is there, or none and an error. At most 1,000 findings of each kind are listed; `counts` counts all. */
export const ProjectImport = z.object({
  projectId: z.string(),
  projectName: z.string(),
  pipelines: z.array(z.object({ pipelineId: z.string(), name: z.string() })),
  findings: z.array(ImportFinding),
  counts: z.object({ mapped: z.number().int(), guessed: z.number().int(), 'not-understood': z.number().int() }),
});
export type ProjectImport = z.infer<typeof ProjectImport>;

/** What an export would hold, to be offered before it is made. */
export const ExportPreview = z.object({
  /** Of the data files that the project has, hidden ones left out. */
  dataFiles: z.number().int(),
  dataBytes: z.number().int(),
  /** False when there are more bytes than an export takes. */
  canIncludeData: z.boolean(),
});
export type ExportPreview = z.infer<typeof ExportPreview>;

export const FolderFile = z.object({ path: z.string(), text: z.string() });
export type FolderFile = z.infer<typeof FolderFile>;

/** The text files of a project as a folder, in order of path. `state` changes whenever one of them does. */
export const FolderState = z.object({ state: Sha256, name: z.string(), files: z.array(FolderFile) });
export type FolderState = z.infer<typeof FolderState>;

/** Answered at once when the state is another one, else as soon as it is, or after `waitMs`. */
export const FolderNews = z.object({ state: Sha256 });
export const MAX_FOLDER_WAIT_MS = 25_000;

/** One file as it was when folder and project were last equal, and as it is in the folder now; null: not there. */
export const FolderChange = z.object({
  path: z.string().max(1_000),
  before: z.string().max(4_000_000).nullable(),
  after: z.string().max(4_000_000).nullable(),
  /** The file came from this path with its text as it was: a rename. */
  movedFrom: z.string().max(1_000).optional(),
});
export type FolderChange = z.infer<typeof FolderChange>;
export const FolderChangesBody = z.object({ changes: z.array(FolderChange).max(2_000) });

export const FolderOutcome = z.object({
  path: z.string(),
  /** `applied`: the project is as the file says. `merged`: with what others did meanwhile. The other two changed nothing. */
  outcome: z.enum(['applied', 'merged', 'conflict', 'refused']),
  /** Why, for the last two. */
  message: z.string().optional(),
});
export type FolderOutcome = z.infer<typeof FolderOutcome>;
export const FolderOutcomes = z.object({ outcomes: z.array(FolderOutcome) });

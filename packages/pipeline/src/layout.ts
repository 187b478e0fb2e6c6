/**
 * Where things are in the document `pipeline:<id>`, and how big they may be.
 * Knows nothing of cards or of who may write.
 */
import * as Y from 'yjs';

/** The only root names a pipeline document may have; the server refuses updates that name another. */
export const PIPELINE_ROOTS = ['meta', 'nodes', 'edges'] as const;

/** Written to `meta.schemaVersion`; a document with a higher one is shown but reported. */
export const SCHEMA_VERSION = 1;

export const LIMITS = {
  /** UTF-16 code units of a node id, card type, port or field name. */
  nameLength: 200,
  titleLength: 500,
  /** UTF-16 code units of a note. */
  noteText: 20_000,
  /** Flow coordinates on either side of 0. */
  coordinate: 10_000_000,
  /** UTF-16 code units of all strings and keys in one config value. */
  configText: 262_144,
  /** Values inside one config value, itself included. */
  configValues: 20_000,
  configDepth: 32,
  /** Of one pipeline file that is brought in. */
  importedNodes: 20_000,
  importedEdges: 100_000,
} as const;

export interface PipelineRoots {
  meta: Y.Map<unknown>;
  /**
   * node id → Y.Map {card, pos, size, title, config: Y.Map}, {kind: 'note', pos, size, color, text: Y.Text} or
   * {kind: 'frame', pos, size, color, title}. `config` and `text` are created with their entry and never set again.
   */
  nodes: Y.Map<unknown>;
  /** edge id → {source, sourcePort, target, targetPort}, never changed in place. */
  edges: Y.Map<unknown>;
}

export const pipelineRoots = (doc: Y.Doc): PipelineRoots => ({
  meta: doc.getMap('meta'),
  nodes: doc.getMap('nodes'),
  edges: doc.getMap('edges'),
});

/** For use inside a transaction. */
export function putSchemaVersion(doc: Y.Doc): void {
  const { meta } = pipelineRoots(doc);
  if (!meta.has('schemaVersion')) meta.set('schemaVersion', SCHEMA_VERSION);
}

/** True when nobody has put a node, a note, a frame, an edge or a title in. */
export function isEmptyPipeline(doc: Y.Doc): boolean {
  const { meta, nodes, edges } = pipelineRoots(doc);
  return nodes.size === 0 && edges.size === 0 && !meta.get('title');
}

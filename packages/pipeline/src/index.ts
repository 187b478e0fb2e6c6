export { PIPELINE_ROOTS, SCHEMA_VERSION, LIMITS, isEmptyPipeline } from './layout.ts';
export { edgeId, nodeLabel } from './model.ts';
export type {
  CacheSetting,
  EdgeEnds,
  KnownCard,
  KnownCards,
  LostCard,
  PipelineEdge,
  PipelineGraph,
  PipelineNode,
  Pin,
  Point,
  ProjectedNode,
  Size,
} from './model.ts';
export type { Problem, ProblemCode } from './problem.ts';
export { ANNOTATION_COLORS } from './annotation.ts';
export type { AnnotationColor, NewFrame, NewNote, PipelineFrame, PipelineNote } from './annotation.ts';
export { textChange } from './text-change.ts';
export { addFrame, addNote, noteText, setColor, setNoteText } from './edit-annotations.ts';
export { nodesInFrame } from './nodes-in-frame.ts';
export { readPipeline } from './read-pipeline.ts';
export type { PipelineContent } from './read-pipeline.ts';
export { graphTopology, projectContent, projectGraph } from './project-graph.ts';
export type { ProjectedGraph } from './project-graph.ts';
export type { ProjectedEdge } from './project-edges.ts';
export type { EditResult, Refusal, RefusalCode } from './edit-result.ts';
export {
  addNode,
  changeNodeCard,
  moveNodes,
  removeConfigField,
  removeNodes,
  renameNode,
  resizeNode,
  setBypass,
  setConfigField,
  setTitle,
} from './edit-nodes.ts';
export type { NewNode } from './edit-nodes.ts';
export { passThrough } from './bypass.ts';
export { checkConnection, connect, disconnect } from './connect.ts';
export { insertGraph, writeGraph } from './write-graph.ts';
export type { GraphToWrite } from './write-graph.ts';
export { bestRemaps, brokenEdgesOf, remapEdges, remapOptions } from './remap-ports.ts';
export type { Remap } from './remap-ports.ts';
export { fitsIntoEdge, insertOnEdge, spliceNode } from './insert-on-edge.ts';
export { clipText, copyNodes, freshGraph, placedIn, readClip } from './clip.ts';
export type { Clip } from './clip.ts';
export { DANGLING_GRACE_MS, danglingEdges, sweepDanglingEdges } from './dangling-edges.ts';
export { setCacheSetting } from './cache-setting.ts';
export { feedsPinnedOnly, setPin } from './pins.ts';
export { liveLineages, pinnedLineages } from './lineage.ts';
export { columnPort, columnProblems } from './column-problems.ts';
export { knownColumns } from './known-columns.ts';
export type { ColumnSources, KnownColumn, KnownColumns, KnownTable, MadeTable, NodeTables } from './known-columns.ts';
export { createUndo } from './undo.ts';
export type { UndoOptions } from './undo.ts';
export { ancestors, criticalWeights, descendants, layersOf, topologyOf, upstreamClosure } from './topology.ts';
export type { Arrow, Topology } from './topology.ts';
export { liveFingerprints, nodeFingerprint, pinnedFingerprints, pinVersion, versionText } from './pinned-version.ts';
export type { FingerprintParts, PinnedCard, PinnedNode, PinnedVersion } from './pinned-version.ts';
export { fromTensorRag } from './tensor-rag-import.ts';
export type { TensorRagImport } from './tensor-rag-import.ts';
export { tensorRagText, toTensorRag } from './tensor-rag-export.ts';
export { messagesOf } from './import-finding.ts';
export type { FindingKind, ImportFinding } from './import-finding.ts';
export { fileNamesFor, pipelineFiles, PIPELINE_FORMAT, readPipelineFiles } from './pipeline-files.ts';
export type { PipelineFile } from './pipeline-files.ts';
export { applyPipelineChange } from './apply-pipeline-change.ts';
export { lineEdits, mergeLines } from './merge-lines.ts';

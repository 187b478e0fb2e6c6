/**
 * A trial as a pipeline of one card: what it takes stands beside it as pinned nodes, so that whatever checks, pins and runs a
 * pipeline does the same for a trial. Pure.
 */
import type { CardManifest, JsonObject } from '@ensemble/cards';
import { edgeId } from '@ensemble/pipeline';
import type { PinnedCard, PipelineContent, PipelineNode } from '@ensemble/pipeline';
import type { ProjectCard } from '../read-pipeline.ts';
import type { PinnedResult } from '../run-model.ts';

/** An output of an earlier run that an input takes. */
export interface TrialSource {
  port: string;
  key: string;
  nodeId: string;
  title: string;
  /** Its card as it was then. */
  card: PinnedCard & { manifest: CardManifest };
  result: PinnedResult;
}

export interface TriedCard {
  cardType: string;
  nodeId: string;
  title: string;
  config: JsonObject;
}

export interface TrialPipeline {
  content: PipelineContent;
  /** The project's, and one for each source: what it was then says nothing of the card of that type now. */
  cards: Map<string, Pick<ProjectCard, 'path' | 'sourceHash' | 'manifest' | 'diagnostics'>>;
  /** By node id. */
  pinned: Record<string, PinnedResult>;
}

const STEP = 320;

export function trialPipeline(
  tried: TriedCard,
  sources: readonly TrialSource[],
  projectCards: ReadonlyMap<string, ProjectCard>,
): TrialPipeline {
  const nodes = new Map<string, PipelineNode>();
  const cards: TrialPipeline['cards'] = new Map(projectCards);
  const edges: PipelineContent['edges'] = new Map();
  const pinned: Record<string, PinnedResult> = {};
  const { nodeId, title, config } = tried;
  nodes.set(nodeId, { id: nodeId, card: tried.cardType, title, config, position: { x: STEP, y: 0 } });

  for (const [place, sameStep] of [
    ...Map.groupBy(sources, ({ result, nodeId: id }) => JSON.stringify([result.runId, id])).values(),
  ].entries()) {
    const [first] = sameStep;
    const { card: then, result } = first!;
    const id = freeId(first!.nodeId, nodes);
    const card = `${then.manifest.cardType} of ${id}, run ${result.runNumber}`;
    const keys = new Set(sameStep.map(({ key }) => key));
    const outputs = result.outputs.filter(({ declared, key }) => declared && keys.has(key)).map(({ key, type }) => ({ name: key, type }));
    cards.set(card, { ...then, manifest: { ...then.manifest, inputs: [], outputs, configFields: [], configSchema: {} } });
    const position = { x: 0, y: place * STEP };
    nodes.set(id, { id, card, title: first!.title, config: {}, position, pin: { runId: result.runId } });
    pinned[id] = id === first!.nodeId ? result : { ...movedTo(id, first!.nodeId, result), nodeId: first!.nodeId };
    for (const { key, port } of sameStep) {
      const ends = { source: id, sourcePort: key, target: nodeId, targetPort: port };
      edges.set(edgeId(ends), { id: edgeId(ends), ...ends });
    }
  }
  const nodeIds = new Set(nodes.keys());
  return { content: { title: `Trial of ${title}`, nodes, notes: [], frames: [], edges, nodeIds, problems: [] }, cards, pinned };
}

/** Two runs, or two pipelines, may have a node of the same id each. */
function freeId(nodeId: string, taken: ReadonlyMap<string, unknown>): string {
  for (let number = 2, id = nodeId; ; number++) {
    if (!taken.has(id)) return id;
    id = `${nodeId}~${number}`;
  }
}

/** Its own references get a folder of their own, all of them alike, so that those that a card derives from others stay right. */
function movedTo(id: string, nodeId: string, result: PinnedResult): PinnedResult {
  const suffix = id.slice(nodeId.length);
  return {
    ...result,
    outputs: result.outputs.map((output) => ({ ...output, ref: output.ref.replace(/^[^/]+/, (folder) => folder + suffix) })),
  };
}

/**
 * The part of a pipeline that somebody asked for, as a pipeline of its own: nodes that do not count are left out, and what it
 * only takes is pinned, so that whatever checks, pins and runs a pipeline does the same for a part. Starts nothing.
 */
import { descendants, topologyOf, upstreamClosure } from '@ensemble/pipeline';
import type { PipelineContent, PipelineNode } from '@ensemble/pipeline';
import type { RunScope } from '@ensemble/protocol';
import type { Problem } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import { lineagesOf, newestSteps } from './newest-steps.ts';
import type { NarrowedPipeline, PipelineReading } from './read-pipeline.ts';
import { lineageOf } from './run-version.ts';

export class PartialRun {
  readonly #sql: Sql;
  readonly #pipelineId: string;
  readonly #scope: RunScope;
  /** Nodes that take what an earlier run left, though nobody pinned them. */
  readonly kept = new Set<string>();
  /** Nodes that are executed whatever the cache holds. */
  forced: string[] | undefined;

  constructor(sql: Sql, pipelineId: string, scope: RunScope) {
    this.#sql = sql;
    this.#pipelineId = pipelineId;
    this.#scope = scope;
  }

  async narrow(content: PipelineContent, read: (part: PipelineContent) => PipelineReading): Promise<NarrowedPipeline> {
    const { kind, nodeIds } = this.#scope;
    const problems = nodeIds.flatMap((nodeId) => unusable(content, nodeId));
    const topology = topologyOf(content.nodes.keys(), content.edges.values());
    const targets = kind === 'from' ? [...new Set([...nodeIds, ...descendants(topology, nodeIds)])] : [...nodeIds];
    const wanted = upstreamClosure(topology, targets);
    const nodes = new Map([...content.nodes].filter(([id]) => wanted.has(id)));
    // It was asked for by name, and a pin would keep it from running.
    if (kind !== 'to') for (const nodeId of nodeIds) if (nodes.has(nodeId)) nodes.set(nodeId, withoutPin(nodes.get(nodeId)!));
    const part: PipelineContent = {
      ...content,
      nodes,
      edges: new Map([...content.edges].filter(([, { source, target }]) => wanted.has(source) && wanted.has(target))),
      problems: content.problems.filter(({ nodeId }) => nodeId === undefined || wanted.has(nodeId)),
    };
    if (kind === 'to' || problems.length > 0) return { part, problems };
    this.forced = targets;
    const { version } = read(part);
    const results = await this.#lastResults(kind, version);
    const executed = new Set(targets);
    const needed = new Set(
      version.graph.edges.flatMap(({ source, target }) => (executed.has(target) && !executed.has(source) ? [source] : [])),
    );
    for (const nodeId of needed) {
      const node = nodes.get(nodeId)!;
      const runId = results.get(nodeId);
      if (node.pin) continue;
      if (runId !== undefined) {
        nodes.set(nodeId, { ...node, pin: { runId } });
        this.kept.add(nodeId);
      } else if (kind === 'only') problems.push(nothingToTake(version, nodeId));
    }
    return { part, problems };
  }

  /** Run by node. One card alone takes whatever there is; a run from a card on takes only what would come out the same now. */
  async #lastResults(kind: RunScope['kind'], version: PipelineReading['version']): Promise<Map<string, string>> {
    const steps = await newestSteps(this.#sql, this.#pipelineId);
    if (kind === 'only') return new Map(steps.map(({ nodeId, runId }) => [nodeId, runId]));
    const now = lineageOf(version);
    const then = await lineagesOf(this.#sql, [...new Set(steps.map(({ versionId }) => versionId))]);
    const same = steps.filter(({ nodeId, versionId }) => then.get(versionId)?.get(nodeId) === now.get(nodeId));
    return new Map(same.map(({ nodeId, runId }) => [nodeId, runId]));
  }
}

const withoutPin = ({ pin: _pin, ...node }: PipelineNode): PipelineNode => node;

function unusable({ nodes }: PipelineContent, nodeId: string): Problem[] {
  const node = nodes.get(nodeId);
  if (!node) return [{ code: 'scope/unknown-node', message: `There is no node “${nodeId}” to run.`, nodeId }];
  if (!node.bypassed) return [];
  return [{ code: 'scope/bypassed', message: `“${node.title || node.card}” is bypassed and cannot run. Switch the bypass off.`, nodeId }];
}

function nothingToTake({ graph }: PipelineReading['version'], nodeId: string): Problem {
  const title = graph.nodes.find(({ id }) => id === nodeId)?.title ?? nodeId;
  return {
    code: 'scope/no-result',
    message: `“${title}” has no result yet that could be taken. Run the pipeline up to here instead.`,
    nodeId,
  };
}

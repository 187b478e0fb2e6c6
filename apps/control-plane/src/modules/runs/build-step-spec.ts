/** Everything a runner needs to execute one step of a version, built when its inputs are there. Pure. */
import type { OutputArtifact, StepSpec } from '@ensemble/protocol';
import type { PinnedResult, Run } from './run-model.ts';
import type { RunVersion } from './run-version.ts';
import { DEFAULT_MEMORY_BYTES, manifestOf, seedOf } from './run-version.ts';

const DEFAULT_TIMEOUT_SECONDS = { cpu: 300, gpu: 600 };

/** Throws when the step's inputs are not there: then it should not have been assigned. */
export function buildStepSpec(version: RunVersion, run: Run, nodeId: string): StepSpec {
  const { graph } = version;
  const node = graph.nodes.find((candidate) => candidate.id === nodeId);
  const file = node && graph.cards[node.card];
  if (!file) throw new Error(`The version of run ${run.runId} has no node ${nodeId}, or not its card.`);
  const manifest = manifestOf(version, node.card);
  const inputs: StepSpec['inputs'] = {};
  for (const edge of graph.edges) {
    if (edge.target === nodeId) inputs[edge.targetPort] = outputOf(run, edge.source, edge.sourcePort).ref;
  }
  const { resources } = manifest;
  const timeoutSeconds =
    resources.timeoutSeconds > 0 ? resources.timeoutSeconds : DEFAULT_TIMEOUT_SECONDS[resources.gpu > 0 ? 'gpu' : 'cpu'];
  return {
    v: 1,
    pipelineId: version.pipelineId,
    nodeId,
    card: {
      cardType: manifest.cardType,
      path: file.path,
      className: manifest.className,
      outputs: manifest.outputs.map(({ name, type }) => ({ name, type })),
      outputViewType: manifest.outputViewType,
    },
    files: version.files,
    config: node.config,
    inputs,
    artifacts: upstreamArtifacts(run, nodeId),
    timeoutSeconds,
    memoryBytes: resources.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    seed: seedOf(nodeId),
    ...(manifest.requirements.length === 0 ? {} : { requirements: manifest.requirements }),
  };
}

/**
 * RUN-12: whatever any step upstream saved may be loaded by reference. What comes with a pinned result gives way to
 * what this run made itself, and to that of a newer run.
 */
export function upstreamArtifacts(run: Run, nodeId: string): StepSpec['artifacts'] {
  const seen = new Set<string>();
  const pinned: PinnedResult[] = [];
  const open = [...run.plan.steps.get(nodeId)!.upstream];
  const artifacts = new Map<string, string>();
  for (let source = open.pop(); source !== undefined; source = open.pop()) {
    if (seen.has(source)) continue;
    seen.add(source);
    for (const output of outputsOf(run, source)) artifacts.set(output.ref, output.sha256);
    const plan = run.plan.steps.get(source)!;
    if (plan.pinned) pinned.push(plan.pinned);
    open.push(...plan.upstream);
  }
  for (const { upstream } of pinned.sort((a, b) => b.runNumber - a.runNumber))
    for (const { ref, sha256 } of upstream) if (!artifacts.has(ref)) artifacts.set(ref, sha256);
  return [...artifacts].map(([ref, sha256]) => ({ ref, sha256 })).sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function outputsOf(run: Run, nodeId: string): readonly OutputArtifact[] {
  const { phase } = run.steps.get(nodeId)!;
  if (phase.state !== 'succeeded') throw new Error(`Step ${nodeId} of run ${run.runId} is ${phase.state}; its outputs are asked for.`);
  return phase.outcome.outputs;
}

function outputOf(run: Run, nodeId: string, key: string): OutputArtifact {
  const output = outputsOf(run, nodeId).find((candidate) => candidate.declared && candidate.key === key);
  if (!output) throw new Error(`Step ${nodeId} of run ${run.runId} succeeded without its output “${key}”.`);
  return output;
}

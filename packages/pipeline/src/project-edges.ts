/** The edges of a projection: hidden when a node is gone, bound to ports, checked against the ports' cards. */
import { canConnect } from '@ensemble/cards';
import { bindPorts } from './bind-ports.ts';
import { nodeLabel } from './model.ts';
import type { PipelineEdge, ProjectedNode } from './model.ts';
import type { Problem } from './problem.ts';

export interface ProjectedEdge extends PipelineEdge {
  /** Type of the output it leaves; absent while that is not known. */
  type?: string;
  /** Shown broken: nothing can flow. Says why, in the word of the problem that goes with it. */
  broken?: 'port-gone' | 'unbound' | 'type-mismatch';
}

type Nodes = ReadonlyMap<string, ProjectedNode>;

export function projectEdges(all: Iterable<PipelineEdge>, nodes: Nodes): { edges: ProjectedEdge[]; problems: Problem[] } {
  const edges: ProjectedEdge[] = [];
  const problems: Problem[] = [];
  const named = new Set<string>();
  const bound: PipelineEdge[] = [];
  for (const edge of all) {
    if (!nodes.has(edge.source) || !nodes.has(edge.target)) continue;
    if (edge.sourcePort === '' || edge.targetPort === '') bound.push(edge);
    else named.add(endsKey(edge));
    edges.push(edge);
  }
  // An edge without port names may turn out to be the same as one with them: it is shown once.
  const doubles = new Set<string>();
  for (const edge of bound) {
    const ends = bindPorts(edge, nodes.get(edge.source)?.manifest, nodes.get(edge.target)?.manifest);
    if (!ends) continue;
    const key = endsKey(ends);
    if (named.has(key)) doubles.add(edge.id);
    named.add(key);
  }
  const shown = edges.filter((edge) => !doubles.has(edge.id)).map((edge) => checkEdge(edge, nodes, problems));
  return { edges: shown, problems: [...problems, ...doubledInputs(shown, nodes)] };
}

const endsKey = (ends: Omit<PipelineEdge, 'id'>): string => JSON.stringify([ends.source, ends.sourcePort, ends.target, ends.targetPort]);

function checkEdge(edge: PipelineEdge, nodes: Nodes, problems: Problem[]): ProjectedEdge {
  const source = nodes.get(edge.source)!;
  const target = nodes.get(edge.target)!;
  const at = { severity: 'error', nodeId: target.id, edgeId: edge.id } as const;
  const ends = bindPorts(edge, source.manifest, target.manifest);
  if (!ends) {
    if (source.manifest && target.manifest) {
      const message = `It cannot be told which ports connect "${nodeLabel(source)}" to "${nodeLabel(target)}". Remove the connection and draw it from port to port.`;
      problems.push({ ...at, code: 'edge/unbound', message });
    }
    return { ...edge, broken: 'unbound' };
  }
  const projected: ProjectedEdge = { ...edge, sourcePort: ends.sourcePort, targetPort: ends.targetPort };
  const output = source.manifest?.outputs.find((port) => port.name === ends.sourcePort);
  const input = target.manifest?.inputs.find((port) => port.name === ends.targetPort);
  if (output) projected.type = output.type;
  if (source.manifest && !output) {
    projected.broken = 'port-gone';
    const message = `"${nodeLabel(source)}" no longer has an output "${ends.sourcePort}". Connect another output, or bring the port back in the card.`;
    problems.push({ ...at, code: 'edge/port-gone', message, nodeId: source.id, port: ends.sourcePort });
  }
  if (target.manifest && !input) {
    projected.broken = 'port-gone';
    const message = `"${nodeLabel(target)}" no longer has an input "${ends.targetPort}". Connect to another input, or bring the port back in the card.`;
    problems.push({ ...at, code: 'edge/port-gone', message, port: ends.targetPort });
  }
  if (output && input) {
    const fit = canConnect(output.type, input.type);
    if (!fit.ok) {
      projected.broken = 'type-mismatch';
      const message = `"${nodeLabel(source)}" gives ${output.type} at "${output.name}", but "${nodeLabel(target)}" takes ${input.type} at "${input.name}". Connect ports of one type.`;
      problems.push({ ...at, code: 'edge/type-mismatch', message, port: input.name });
    }
  }
  return projected;
}

function doubledInputs(edges: readonly ProjectedEdge[], nodes: Nodes): Problem[] {
  const byInput = new Map<string, ProjectedEdge[]>();
  for (const edge of edges) {
    if (edge.broken === 'unbound') continue;
    const key = JSON.stringify([edge.target, edge.targetPort]);
    const others = byInput.get(key);
    if (others) others.push(edge);
    else byInput.set(key, [edge]);
  }
  const problems: Problem[] = [];
  for (const [first, ...others] of byInput.values()) {
    if (!first || others.length === 0) continue;
    problems.push({
      code: 'input/doubled',
      severity: 'error',
      message: `The input "${first.targetPort}" of "${nodeLabel(nodes.get(first.target)!)}" has ${others.length + 1} connections and takes one. Remove all but one.`,
      nodeId: first.target,
      port: first.targetPort,
    });
  }
  return problems;
}

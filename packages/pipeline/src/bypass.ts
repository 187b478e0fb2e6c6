/**
 * Bypassed nodes do not run: what comes into their one matching input goes on from their outputs. This finds the
 * edges that remain. Pure; knows neither the document nor what is wrong elsewhere in the graph.
 */
import { canConnect } from '@ensemble/cards';
import { nodeLabel } from './model.ts';
import type { EdgeEnds, ProjectedNode } from './model.ts';
import type { Problem } from './problem.ts';

interface Edge extends EdgeEnds {
  id: string;
  broken?: unknown;
}

export interface PassedThrough {
  /** Between nodes that run, in the order given; broken edges left out. */
  edges: EdgeEnds[];
  /** One for every connection that leads nowhere because of a bypass. */
  problems: Problem[];
}

export function passThrough(nodes: readonly ProjectedNode[], edges: readonly Edge[]): PassedThrough {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const usable = edges.filter((edge) => !edge.broken && byId.has(edge.source) && byId.has(edge.target));
  // Most pipelines bypass nothing, and this is asked at every change of the document.
  if (!nodes.some((node) => node.bypassed)) return { edges: usable.map(endsOnly), problems: [] };
  const into = new Map(usable.map((edge) => [inputKey(edge.target, edge.targetPort), edge]));
  const passed: EdgeEnds[] = [];
  const problems: Problem[] = [];
  for (const edge of usable) {
    const target = byId.get(edge.target)!;
    if (target.bypassed) continue;
    const found = findSource(edge, byId, into);
    if (!found.ok) problems.push(blocked(edge, byId.get(found.at)!, target, found.reason));
    else passed.push({ source: found.source, sourcePort: found.sourcePort, target: edge.target, targetPort: edge.targetPort });
  }
  return { edges: passed, problems };
}

/** The only input with the type of the output, or else the only one that may be connected to what the output feeds. */
export function bypassInput(node: ProjectedNode, outputName: string): string | undefined {
  const output = node.manifest?.outputs.find((port) => port.name === outputName);
  if (!node.manifest || !output) return undefined;
  const same = node.manifest.inputs.filter((port) => port.type === output.type);
  const fitting = same.length > 0 ? same : node.manifest.inputs.filter((port) => canConnect(port.type, output.type).ok);
  return fitting.length === 1 ? fitting[0]!.name : undefined;
}

type Found = { ok: true; source: string; sourcePort: string } | { ok: false; at: string; reason: string };

function findSource(edge: EdgeEnds, byId: ReadonlyMap<string, ProjectedNode>, into: ReadonlyMap<string, EdgeEnds>): Found {
  const seen = new Set<string>();
  let { source, sourcePort } = edge;
  for (;;) {
    const node = byId.get(source)!;
    if (!node.bypassed) break;
    if (seen.has(source)) return { ok: false, at: source, reason: 'is part of a circle' };
    seen.add(source);
    const input = bypassInput(node, sourcePort);
    if (input === undefined) return { ok: false, at: source, reason: `has no single input that fits its output "${sourcePort}"` };
    const before = into.get(inputKey(source, input));
    if (!before) return { ok: false, at: source, reason: `has nothing connected to its input "${input}"` };
    ({ source, sourcePort } = before);
  }
  if (seen.size > 0) {
    const from = byId.get(source)?.manifest?.outputs.find((port) => port.name === sourcePort)?.type;
    const to = byId.get(edge.target)?.manifest?.inputs.find((port) => port.name === edge.targetPort)?.type;
    if (from !== undefined && to !== undefined && !canConnect(from, to).ok)
      return { ok: false, at: edge.source, reason: `lets ${from} through, which does not fit ${to}` };
  }
  return { ok: true, source, sourcePort };
}

const blocked = (edge: Edge, at: ProjectedNode, target: ProjectedNode, reason: string): Problem => ({
  code: 'bypass/blocked',
  severity: 'error',
  message: `"${nodeLabel(at)}" is bypassed and ${reason}, so "${nodeLabel(target)}" gets nothing. Switch the bypass off, or connect "${nodeLabel(target)}" elsewhere.`,
  nodeId: at.id,
  edgeId: edge.id,
});

const endsOnly = ({ source, sourcePort, target, targetPort }: EdgeEnds): EdgeEnds => ({ source, sourcePort, target, targetPort });
const inputKey = (nodeId: string, port: string): string => JSON.stringify([nodeId, port]);

/**
 * Lays nodes out from left to right by ELK, which knows their ports. Positions only: knows neither the document nor
 * where ELK runs. The result begins where the nodes began, so that tidying does not carry them away.
 */
import type { Point, ProjectedGraph } from '@ensemble/pipeline';
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';
import { NODE_WIDTH, nodeHeight, portCentre } from './geometry.ts';

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '88',
  'elk.spacing.nodeNode': '44',
  'elk.spacing.componentComponent': '64',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NONE',
};

export interface NodeMove {
  id: string;
  position: Point;
}

/** The nodes that should be elsewhere; all nodes are laid out, or those in `only`. */
export async function tidyLayout(
  elk: Pick<ELK, 'layout'>,
  graph: Pick<ProjectedGraph, 'nodes' | 'edges'>,
  only?: ReadonlySet<string>,
): Promise<NodeMove[]> {
  const nodes = graph.nodes.filter((node) => !only || only.has(node.id)).sort(byId);
  if (nodes.length === 0) return [];
  const ids = new Set(nodes.map((node) => node.id));
  const edges = graph.edges.filter((edge) => !edge.broken && ids.has(edge.source) && ids.has(edge.target)).sort(byId);
  const laid = await elk.layout({
    id: 'pipeline',
    layoutOptions: OPTIONS,
    children: nodes.map((node): ElkNode => {
      const { inputs = [], outputs = [] } = node.manifest ?? {};
      const port = (side: 'WEST' | 'EAST', x: number) => (item: { name: string }, row: number) => ({
        id: portId(node.id, side, item.name),
        x,
        y: portCentre(row),
        width: 1,
        height: 1,
        layoutOptions: { 'elk.port.side': side },
      });
      return {
        id: node.id,
        width: NODE_WIDTH,
        height: nodeHeight(Math.max(inputs.length, outputs.length)),
        layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        ports: [...inputs.map(port('WEST', 0)), ...outputs.map(port('EAST', NODE_WIDTH))],
      };
    }),
    edges: edges.map((edge) => ({
      id: edge.id,
      sources: [portId(edge.source, 'EAST', edge.sourcePort)],
      targets: [portId(edge.target, 'WEST', edge.targetPort)],
    })),
  });
  const left = Math.min(...nodes.map((node) => node.position.x));
  const top = Math.min(...nodes.map((node) => node.position.y));
  const places = laid.children ?? [];
  const laidLeft = Math.min(...places.map((place) => place.x ?? 0));
  const laidTop = Math.min(...places.map((place) => place.y ?? 0));
  const before = new Map(nodes.map((node) => [node.id, node.position]));
  return places.flatMap(({ id, x = 0, y = 0 }) => {
    const position = { x: Math.round(x - laidLeft + left), y: Math.round(y - laidTop + top) };
    const was = before.get(id);
    return was && (was.x !== position.x || was.y !== position.y) ? [{ id, position }] : [];
  });
}

/** Of two equally good layouts ELK takes the one that suits the order it was given. */
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

const portId = (nodeId: string, side: string, port: string): string => JSON.stringify([nodeId, side, port]);

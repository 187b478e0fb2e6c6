/** Writes a graph as TensorRag's `_pipeline.json`; reading that file again gives the same graph, without notes and frames, which TensorRag does not know. */
import type { CardManifest, JsonObject } from '@ensemble/cards';
import { edgeId } from './model.ts';
import type { EdgeEnds, ProjectedNode } from './model.ts';
import { withoutSecrets } from './pipeline-files.ts';

/** Nodes without a manifest are written with their card type alone. */
export function toTensorRag(graph: { title?: string; nodes: readonly ProjectedNode[]; edges: readonly EdgeEnds[] }): JsonObject {
  return {
    ...(graph.title ? { name: graph.title } : {}),
    nodes: graph.nodes.map(exportNode),
    edges: graph.edges.map((edge) => ({
      id: edgeId(edge),
      source: edge.source,
      target: edge.target,
      sourceHandle: edge.sourcePort || null,
      targetHandle: edge.targetPort || null,
      data: { source_output: edge.sourcePort, target_input: edge.targetPort },
    })),
    nodeCounter: nextCounter(graph.nodes),
  };
}

/**
 * The same as text for a folder that is kept in Git: one node and one connection a line, positions in whole numbers, as a
 * reader of TensorRag's own expects them.
 */
export function tensorRagText(graph: Parameters<typeof toTensorRag>[0]): string {
  const rounded = graph.nodes.map((node) => ({
    ...node,
    position: { x: Math.round(node.position.x), y: Math.round(node.position.y) },
  }));
  const { nodes, edges, ...head } = toTensorRag({ ...graph, nodes: rounded });
  const list = (items: unknown): string =>
    Array.isArray(items) && items.length > 0 ? `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]` : '[]';
  const parts = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${[...parts, `"nodes": ${list(nodes)}`, `"edges": ${list(edges)}`].join(',\n')}\n}\n`;
}

function exportNode(node: ProjectedNode): JsonObject {
  return {
    id: node.id,
    type: 'cardNode',
    position: { x: node.position.x, y: node.position.y },
    ...(node.size ? { width: node.size.width, height: node.size.height } : {}),
    data: {
      label: node.title,
      cardSchema: node.manifest ? exportSchema(node.card, node.manifest) : { card_type: node.card },
      config: withoutSecrets(node),
    },
  };
}

function exportSchema(card: string, manifest: CardManifest): JsonObject {
  return {
    card_type: card,
    display_name: manifest.displayName,
    description: manifest.description,
    category: manifest.category,
    execution_mode: manifest.executionMode,
    output_view_type: manifest.outputViewType,
    config_schema: manifest.configSchema,
    input_schema: Object.fromEntries(manifest.inputs.map((port) => [port.name, port.type])),
    output_schema: Object.fromEntries(manifest.outputs.map((port) => [port.name, port.type])),
  };
}

/** TensorRag numbers new nodes from here: above every number an id ends with, so that none is given twice. */
function nextCounter(nodes: readonly ProjectedNode[]): number {
  let counter = nodes.length;
  for (const node of nodes) {
    const digits = /(\d{1,15})$/.exec(node.id)?.[1];
    if (digits !== undefined) counter = Math.max(counter, Number(digits));
  }
  return counter;
}

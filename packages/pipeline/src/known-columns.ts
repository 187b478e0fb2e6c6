/**
 * Which columns the tables at the ports of a pipeline have, as far as that can be known without running it: measured by a
 * run of exactly this state, else declared by the card, else read from the project file. Pure.
 */
import { canonicalJson, isFileValue } from '@ensemble/cards';
import { bypassInput } from './bypass.ts';
import { liveLineages } from './lineage.ts';
import type { ProjectedNode } from './model.ts';
import { graphTopology } from './project-graph.ts';
import type { ProjectedGraph } from './project-graph.ts';

export interface KnownColumn {
  name: string;
  /** DuckDB's name of the type, where the table was looked into. */
  type?: string;
}

export interface KnownTable {
  columns: readonly KnownColumn[];
  /** False for a guess, such as the result of an earlier state: good enough to offer, never to object. */
  certain: boolean;
}

/** A table that a step of a run left. */
export interface MadeTable {
  nodeId: string;
  port: string;
  /** Of the node in the version that ran: see `pinnedLineages`. */
  lineage: string;
  columns: readonly KnownColumn[];
}

export interface ColumnSources {
  /** At most one for a port: the newest. */
  made: readonly MadeTable[];
  /** Tables of project files as a card with its settings left alone reads them, by SHA-256. */
  files: ReadonlyMap<string, KnownTable>;
}

export interface NodeTables {
  inputs: ReadonlyMap<string, KnownTable>;
  outputs: ReadonlyMap<string, KnownTable>;
}

/** By node id. What is not known is missing. */
export type KnownColumns = ReadonlyMap<string, NodeTables>;

/** `fingerprints` are those of the graph as it is: see `liveFingerprints`. */
export function knownColumns(
  graph: Pick<ProjectedGraph, 'nodes' | 'edges'>,
  fingerprints: ReadonlyMap<string, string>,
  sources: ColumnSources,
): KnownColumns {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const into = new Map<string, ProjectedGraph['edges']>();
  for (const edge of graph.edges) {
    if (edge.broken) continue;
    const list = into.get(edge.target);
    if (list) list.push(edge);
    else into.set(edge.target, [edge]);
  }
  const present = sources.made.length === 0 ? undefined : liveLineages(graph, fingerprints);
  const made = new Map<string, MadeTable[]>();
  for (const table of sources.made) made.set(table.nodeId, [...(made.get(table.nodeId) ?? []), table]);

  const known = new Map<string, NodeTables>();
  /** Nodes that will take a pinned result, or what is made of one: a result of the configs as they are tells nothing of it. */
  const fromPins = new Set<string>();
  const { order, sources: above } = graphTopology(graph);
  for (const id of order) {
    const node = nodes.get(id)!;
    const isPinned = node.pin !== undefined && !node.bypassed;
    if (isPinned || [...above.get(id)!].some((source) => fromPins.has(source))) fromPins.add(id);
    const lineage = fromPins.has(id) ? undefined : present?.get(id);
    const inputs = new Map<string, KnownTable>();
    for (const edge of into.get(id) ?? []) {
      const table = known.get(edge.source)?.outputs.get(edge.sourcePort);
      if (table) inputs.set(edge.targetPort, table);
    }
    const outputs = new Map<string, KnownTable>();
    for (const { name } of node.manifest?.outputs ?? []) {
      const last = made.get(id)?.find((table) => table.port === name);
      const table = outputTable(node, name, inputs, last, lineage, sources.files);
      if (table) outputs.set(name, isPinned ? { ...table, certain: false } : table);
    }
    if (inputs.size > 0 || outputs.size > 0) known.set(id, { inputs, outputs });
  }
  return known;
}

function outputTable(
  node: ProjectedNode,
  port: string,
  inputs: ReadonlyMap<string, KnownTable>,
  last: MadeTable | undefined,
  lineage: string | undefined,
  files: ColumnSources['files'],
): KnownTable | undefined {
  if (node.bypassed) return inputs.get(bypassInput(node, port) ?? '');
  // What was measured beats what was said of it.
  if (last && last.lineage === lineage) return { columns: last.columns, certain: true };
  const said = declaredTable(node, port, inputs, files);
  if (said) return said;
  if (last) return { columns: last.columns, certain: false };
  // Tables that come out are often much like the one that went in.
  const [only, ...others] = isTable(node, port) ? inputs.values() : [];
  return only && others.length === 0 ? { columns: only.columns, certain: false } : undefined;
}

const isTable = (node: ProjectedNode, port: string): boolean =>
  node.manifest?.outputs.some(({ name, type }) => name === port && type === 'dataframe') ?? false;

function declaredTable(
  node: ProjectedNode,
  port: string,
  inputs: ReadonlyMap<string, KnownTable>,
  files: ColumnSources['files'],
): KnownTable | undefined {
  const declared = node.manifest?.outputColumns ?? {};
  const columns = Object.hasOwn(declared, port) ? declared[port] : undefined;
  if (columns === undefined) return undefined;
  if (typeof columns !== 'string') return { columns: columns.map((name) => ({ name })), certain: true };
  if (node.manifest!.inputs.some(({ name }) => name === columns)) return inputs.get(columns);
  const chosen = node.config[columns];
  const table = isFileValue(chosen) ? files.get(chosen.$file) : undefined;
  return table && { columns: table.columns, certain: table.certain && isLeftAlone(node, columns) };
}

/** Another setting, such as “no header” or a sheet, may make other columns of the file. */
const isLeftAlone = ({ manifest, config }: ProjectedNode, fileField: string): boolean =>
  manifest!.configFields.every(({ name, default: standard }) => {
    const value = config[name];
    return name === fileField || value === undefined || (standard !== undefined && canonicalJson(value) === canonicalJson(standard));
  });

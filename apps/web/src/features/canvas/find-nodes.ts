/** Search over the nodes of a pipeline: what they are called, their card, config, problems, and what else is said of them. Pure. */
import { nodeLabel } from '@ensemble/pipeline';
import type { ProjectedGraph, ProjectedNode } from '@ensemble/pipeline';
import type { InspectorTab } from '../../shared/session/editor-ui.ts';

/** A text about a node, and where people read it. */
export interface FindableText {
  text: string;
  tab: InspectorTab;
}

export interface FoundNode {
  id: string;
  label: string;
  card: string;
  category: string;
  /** Where the words were found, when it is not the title: "ratio: 0.8", a problem. */
  because: string | undefined;
  tab: InspectorTab | undefined;
}

/** Nodes that hold every word of `query` somewhere; those with all of them in the title first. `moreOf`: the node's error, its code. */
export function findNodes(
  graph: Pick<ProjectedGraph, 'nodes' | 'problems'>,
  query: string,
  moreOf: (node: ProjectedNode) => readonly FindableText[] = () => [],
): FoundNode[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits: { rank: number; found: FoundNode }[] = [];
  for (const node of graph.nodes) {
    const label = nodeLabel(node);
    const title = label.toLowerCase();
    const extras: { text: string; tab?: InspectorTab }[] = [
      { text: node.card },
      ...Object.entries(node.config).map(([field, value]) => ({
        text: `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        tab: 'config' as const,
      })),
      ...graph.problems.filter((problem) => problem.nodeId === node.id).map(({ message }) => ({ text: message, tab: 'config' as const })),
      ...moreOf(node),
    ];
    const all = [title, ...extras.map(({ text }) => text.toLowerCase())];
    if (!words.every((word) => all.some((text) => text.includes(word)))) continue;
    const inTitle = words.every((word) => title.includes(word));
    const because = inTitle ? undefined : extras.find(({ text }) => words.some((word) => text.toLowerCase().includes(word)));
    hits.push({
      rank: inTitle ? 0 : 1,
      found: {
        id: node.id,
        label,
        card: node.card,
        category: node.manifest?.category ?? '',
        because: because?.text.slice(0, 80),
        tab: because?.tab,
      },
    });
  }
  return hits.sort((a, b) => a.rank - b.rank || a.found.label.localeCompare(b.found.label)).map(({ found }) => found);
}

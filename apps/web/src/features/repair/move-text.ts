import type { MoveNodesResult } from '@ensemble/protocol';

export const nodeCount = (nodes: number): string => `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
export const pipelineCount = (pipelines: number): string => `${pipelines} ${pipelines === 1 ? 'pipeline' : 'pipelines'}`;

export const movedText = ({ nodes, pipelines }: MoveNodesResult): string =>
  nodes === 0 ? 'There was nothing to move any more.' : `${nodeCount(nodes)} in ${pipelineCount(pipelines)} moved to the new type.`;

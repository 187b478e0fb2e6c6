import type { KnownTable } from '@ensemble/pipeline';
import { useGraphView } from './pipeline-session.ts';

/** The columns of the table at one port of a node, as far as they are known without a run; undefined when nothing is. */
export const useKnownColumns = (nodeId: string, side: 'input' | 'output', port: string | undefined): KnownTable | undefined => {
  const tables = useGraphView().columns.get(nodeId);
  return port === undefined ? undefined : tables?.[side === 'input' ? 'inputs' : 'outputs'].get(port);
};

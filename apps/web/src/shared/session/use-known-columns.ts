import type { KnownTable } from '@ensemble/pipeline';
import { createContext, useContext } from 'react';
import { useGraphView } from './pipeline-session.ts';

/** Tables that come to a node otherwise than by an edge, by input port: those that a trial takes. */
export const GivenTablesContext = createContext<ReadonlyMap<string, KnownTable>>(new Map());

/** The columns of the table at one port of a node, as far as they are known without a run; undefined when nothing is. */
export const useKnownColumns = (nodeId: string, side: 'input' | 'output', port: string | undefined): KnownTable | undefined => {
  const given = useContext(GivenTablesContext);
  const tables = useGraphView().columns.get(nodeId);
  if (port === undefined) return undefined;
  return (side === 'input' ? given.get(port) : undefined) ?? tables?.[side === 'input' ? 'inputs' : 'outputs'].get(port);
};

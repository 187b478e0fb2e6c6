import { checkConnection } from '@ensemble/pipeline';
import type { EdgeEnds, ProjectedGraph } from '@ensemble/pipeline';
import type { Connection, FinalConnectionState } from '@xyflow/react';

/** React Flow's connection in the words of the document. */
export const endsOf = (
  connection: Pick<Connection, 'source' | 'target'> & { sourceHandle?: string | null; targetHandle?: string | null },
): EdgeEnds => ({
  source: connection.source,
  sourcePort: connection.sourceHandle ?? '',
  target: connection.target,
  targetPort: connection.targetHandle ?? '',
});

/** Why a wire that was let go over a port did not connect; undefined when it did, or was dropped on nothing. */
export function reasonForRefusal(
  graph: ProjectedGraph,
  { isValid, fromHandle, toHandle }: Pick<FinalConnectionState, 'isValid' | 'fromHandle' | 'toHandle'>,
): string | undefined {
  if (isValid !== false || !fromHandle || !toHandle) return undefined;
  if (fromHandle.type === toHandle.type) {
    return fromHandle.type === 'source'
      ? 'Both ends are outputs. Connect an output (right side of a card) to an input (left side).'
      : 'Both ends are inputs. Connect an output (right side of a card) to an input (left side).';
  }
  const [out, into] = fromHandle.type === 'source' ? [fromHandle, toHandle] : [toHandle, fromHandle];
  return checkConnection(graph, { source: out.nodeId, sourcePort: out.id ?? '', target: into.nodeId, targetPort: into.id ?? '' })?.message;
}

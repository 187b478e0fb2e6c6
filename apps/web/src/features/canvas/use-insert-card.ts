import { insertOnEdge } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { newNodeId } from './new-node-id.ts';
import { cornerFor, freePlace } from './place-card.ts';

/** Puts a card into a connection, at a point of the screen; the answer is the new node's id, or undefined with the reason told. */
export function useInsertCard(): (cardType: string, edgeId: string, at: Point) => string | undefined {
  const { doc, origin, watch, cards, canEdit } = usePipelineSession();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (cardType, edgeId, at) => {
      if (!canEdit) return undefined;
      const id = newNodeId();
      const taken = watch.view.get().graph.nodes.map((node) => node.position);
      const node = { id, card: cardType, position: freePlace(cornerFor(screenToFlowPosition(at)), taken) };
      const result = insertOnEdge(doc, node, edgeId, cards, origin);
      watch.flush();
      if (result.ok) return id;
      notifications.show({ title: 'Added beside the connection', message: result.message });
      return undefined;
    },
    [doc, origin, watch, cards, canEdit, screenToFlowPosition],
  );
}

import { addNode } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { newNodeId } from './new-node-id.ts';
import { clearPlace, cornerFor, freePlace } from './place-card.ts';

/** Puts a card on the canvas at a point of the screen, or near it where nothing is covered; the answer is the new node's id. */
export function useAddCard(): (cardType: string, at: Point, exactly: boolean) => string | undefined {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (cardType, at, exactly) => {
      if (!canEdit) return undefined;
      const taken = watch.view.get().graph.nodes.map((node) => node.position);
      const id = newNodeId();
      const place = exactly ? freePlace : clearPlace;
      const added = addNode(doc, { id, card: cardType, position: place(cornerFor(screenToFlowPosition(at)), taken) }, origin);
      watch.flush();
      if (added.ok) return id;
      notifications.show({ color: 'red', message: added.message });
      return undefined;
    },
    [doc, origin, watch, canEdit, screenToFlowPosition],
  );
}

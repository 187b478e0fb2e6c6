import type { Point } from '@ensemble/pipeline';
import { useEffect, useState } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { usePresence } from '../../shared/session/presence.ts';
import type { CanvasNode, Offset } from './flow-nodes.ts';
import { itemsOf } from './geometry.ts';
import { trackRemoteDrags } from './remote-drags.ts';

/**
 * Draws what other people drag where they hold it: once a frame, and only those nodes, however many people move their
 * pointers. The answer says how far a node is from where the document has it.
 */
export function useRemoteDrags(changeNodes: (change: (before: CanvasNode[]) => CanvasNode[]) => void) {
  const { watch } = usePipelineSession();
  const presence = usePresence();
  const [drags] = useState(trackRemoteDrags);

  useEffect(() => {
    let shown = '[]';
    const draw = () => {
      const held = presence.peers.get().flatMap((peer) => peer.drag ?? []);
      const positions = new Map(itemsOf(watch.view.get().graph).map((item) => [item.id, item.position]));
      const touched = new Set(drags.ids());
      drags.learn(held, (id) => positions.get(id));
      for (const id of drags.ids()) touched.add(id);
      const placeOf = (id: string): Point | undefined => {
        const position = touched.has(id) ? positions.get(id) : undefined;
        const offset = position && drags.offsetOf(id, position);
        return offset ? { x: position.x + offset.dx, y: position.y + offset.dy } : position;
      };
      changeNodes((before) => placed(before, placeOf));
    };
    // Presence comes once a frame at most.
    const look = () => {
      const now = JSON.stringify(presence.peers.get().flatMap((peer) => peer.drag ?? []));
      if (now === shown) return;
      shown = now;
      draw();
    };
    look();
    return presence.peers.subscribe(look);
  }, [watch, presence, drags, changeNodes]);

  const [offsetOf] = useState(
    () =>
      ({ id, position }: { id: string; position: Point }): Offset | undefined =>
        drags.offsetOf(id, position),
  );
  return offsetOf;
}

/** The nodes with some of them elsewhere; what I drag myself stays in my hand. */
function placed(nodes: CanvasNode[], placeOf: (id: string) => Point | undefined): CanvasNode[] {
  let changed = false;
  const next = nodes.map((node) => {
    const position = node.dragging === true ? undefined : placeOf(node.id);
    if (!position || (position.x === node.position.x && position.y === node.position.y)) return node;
    changed = true;
    return { ...node, position };
  });
  return changed ? next : nodes;
}

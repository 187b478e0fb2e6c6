/**
 * Where other people's drags put nodes before they let go. A drag offset counts from where the node was
 * when the drag was first seen: once the document says another place, the drag is over for that node.
 * (Presence outruns the document, which is journalled first, so "no drag any more" may come too early.)
 */
import type { Point } from '@ensemble/pipeline';
import type { Offset } from './flow-nodes.ts';

interface RemoteDrag {
  ids: readonly string[];
  dx: number;
  dy: number;
}

export interface RemoteDrags {
  /** Takes over what people drag now; `positionOf` reads the document. */
  learn(drags: readonly RemoteDrag[], positionOf: (id: string) => Point | undefined): void;
  offsetOf(id: string, position: Point): Offset | undefined;
  /** What somebody drags now. */
  ids(): Iterable<string>;
}

export function trackRemoteDrags(): RemoteDrags {
  let active = new Map<string, { base: Point; offset: Offset }>();
  return {
    learn(drags, positionOf) {
      const next = new Map<string, { base: Point; offset: Offset }>();
      for (const { ids, dx, dy } of drags) {
        for (const id of ids) {
          const base = active.get(id)?.base ?? positionOf(id);
          if (base) next.set(id, { base, offset: { dx, dy } });
        }
      }
      active = next;
    },
    ids: () => active.keys(),
    offsetOf(id, position) {
      const drag = active.get(id);
      return drag && drag.base.x === position.x && drag.base.y === position.y ? drag.offset : undefined;
    },
  };
}

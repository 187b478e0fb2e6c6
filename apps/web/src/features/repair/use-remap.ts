import { notifications } from '@mantine/notifications';
import { remapEdges } from '@ensemble/pipeline';
import type { Remap } from '@ensemble/pipeline';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';

/** Mends connections as one step that can be undone. */
export function useRemap(): (remaps: readonly Remap[]) => void {
  const { doc, cards, origin, watch } = usePipelineSession();
  return (remaps) => {
    const result = remapEdges(doc, remaps, cards, origin);
    watch.flush();
    if (!result.ok) notifications.show({ color: 'red', message: result.message });
  };
}

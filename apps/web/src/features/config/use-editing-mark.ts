import { useEffect } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { usePresence } from '../../shared/session/presence.ts';

/** Handlers for an input that tell others which field I am in. */
export function useEditingMark(nodeId: string, field: string) {
  const presence = usePresence();
  const { canEdit } = usePipelineSession();
  // A field that disappears while it has the focus fires no blur.
  useEffect(() => () => presence.share({ editing: null }), [presence]);
  return {
    onFocus: () => {
      if (canEdit) presence.share({ editing: { nodeId, field } });
    },
    onBlur: () => presence.share({ editing: null }),
  };
}

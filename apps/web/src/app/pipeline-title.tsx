import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../shared/api/api-client.ts';
import { api } from '../shared/api/api.ts';
import { keys } from '../shared/api/queries.ts';
import { usePipelineSession } from '../shared/session/pipeline-session.ts';
import classes from './editor.module.css';

/** The pipeline's name, edited in place. */
export function PipelineTitle({ title }: { title: string }) {
  const { pipelineId, projectId, canEdit } = usePipelineSession();
  const client = useQueryClient();
  const [draft, setDraft] = useState<string>();
  const save = async () => {
    const name = draft?.trim() ?? '';
    if (name !== '' && name !== title) {
      try {
        await api.renamePipeline(pipelineId, name);
        await Promise.all([
          client.invalidateQueries({ queryKey: keys.pipeline(pipelineId) }),
          client.invalidateQueries({ queryKey: keys.pipelines(projectId) }),
        ]);
      } catch (error) {
        notifications.show({ color: 'red', title: 'The name was not changed', message: sentenceOf(error) });
      }
    }
    setDraft(undefined);
  };
  return (
    <input
      className={classes['title']}
      aria-label="Pipeline name"
      value={draft ?? title}
      readOnly={!canEdit}
      maxLength={120}
      size={Math.max(8, Math.min(40, (draft ?? title).length))}
      onFocus={() => {
        if (canEdit) setDraft(title);
      }}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          setDraft(title);
          // The state is applied before the blur reads it only if the blur comes later.
          const field = event.currentTarget;
          setTimeout(() => field.blur());
        }
      }}
    />
  );
}

import { Button } from '@mantine/core';
import type { ProjectTrashEntry } from '@ensemble/protocol';
import { RotateCcw, Trash2 } from 'lucide-react';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { useCardActions } from './use-card-actions.ts';

/** In place of a card file that somebody has moved to the trash, perhaps just now. */
export function TrashedCard({ projectId, entry, canEdit }: { projectId: string; entry: ProjectTrashEntry; canEdit: boolean }) {
  const { restore } = useCardActions(projectId);
  return (
    <EmptyState
      icon={Trash2}
      title={`${entry.path} is in the trash`}
      action={
        canEdit ? (
          <Button leftSection={<RotateCcw size={15} aria-hidden />} onClick={() => void restore([entry.cardId])}>
            Restore
          </Button>
        ) : undefined
      }
    >
      Nothing of it is lost: its text and its nodes are as they were. {canEdit ? '' : 'An editor of this project can restore it.'}
    </EmptyState>
  );
}

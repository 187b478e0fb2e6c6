import { notifications } from '@mantine/notifications';
import type { CardFilesResult } from '@ensemble/protocol';
import { useMemo } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { cardFilesApi } from '../../shared/api/card-files-api.ts';
import { offerUndo } from './offer-undo.tsx';

export interface CardActions {
  move(cardId: string, path: string): Promise<CardFilesResult>;
  moveFolder(from: string, to: string): Promise<CardFilesResult>;
  /** Resolves with the new file's card id; undefined when it did not work, which was said. */
  copy(cardId: string): Promise<string | undefined>;
  trash(cardIds: string[], what: string): Promise<void>;
  restore(cardIds: string[]): Promise<void>;
  /** Says in a toast why the work did not succeed. */
  orSay<T>(title: string, work: Promise<T>): Promise<T | undefined>;
}

/** What the server said besides: imports to change, names that had to be others. */
function showNotes({ notes }: CardFilesResult): void {
  for (const message of notes.slice(0, 3)) notifications.show({ color: 'yellow', autoClose: 12_000, message });
  if (notes.length > 3) notifications.show({ color: 'yellow', autoClose: 12_000, message: `And ${notes.length - 3} more like this.` });
}

async function orSay<T>(title: string, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    notifications.show({ color: 'red', title, message: sentenceOf(error) });
    return undefined;
  }
}

/** Changes of card files. Moving rejects, because the place where the name is typed says why; the others say it in a toast. */
export function useCardActions(projectId: string): CardActions {
  return useMemo(() => {
    const restore = async (cardIds: string[]) => {
      const done = await orSay('Nothing was restored', cardFilesApi.restore(projectId, cardIds));
      if (done) showNotes(done);
    };
    return {
      async move(cardId, path) {
        const moved = await cardFilesApi.move(projectId, cardId, path);
        showNotes(moved);
        return moved;
      },
      async moveFolder(from, to) {
        const moved = await cardFilesApi.moveFolder(projectId, from, to);
        showNotes(moved);
        return moved;
      },
      async copy(cardId) {
        const made = await orSay('The card was not copied', cardFilesApi.create(projectId, { copyOf: cardId }));
        if (made) showNotes(made);
        return made?.files[0]?.cardId;
      },
      async trash(cardIds, what) {
        const done = await orSay(`${what} was not moved to the trash`, cardFilesApi.trash(projectId, cardIds));
        if (done) offerUndo(`${what} is in the trash`, 'Nodes that use it cannot run until it is restored.', () => void restore(cardIds));
      },
      restore,
      orSay,
    };
  }, [projectId]);
}

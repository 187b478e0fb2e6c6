import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { changeNodeCard } from '@ensemble/pipeline';
import { ArrowRightLeft, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { cardFilesApi } from '../../shared/api/card-files-api.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { movedText, nodeCount } from './move-text.ts';
import classes from './repair.module.css';

/** For nodes whose card goes by another type now, or is in the trash. */
export function LostCardFix({ cardType }: { cardType: string }) {
  const { lost, canEdit, projectId, doc, origin, watch } = usePipelineSession();
  const { graph } = useGraphView();
  const [busy, setBusy] = useState(false);
  const place = lost.get(cardType);
  if (!canEdit || !place) return null;
  const ids = graph.nodes.filter((node) => node.card === cardType).map(({ id }) => id);
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      notifications.show({ color: 'red', message: sentenceOf(error) });
    }
    setBusy(false);
  };
  if (place.kind === 'trashed') {
    return (
      <Group className={classes['fixes']}>
        <Button
          size="compact-xs"
          loading={busy}
          leftSection={<RotateCcw size={12} aria-hidden />}
          onClick={() => void attempt(() => cardFilesApi.restore(projectId, [place.cardId]))}
        >
          Restore {place.path.split('/').at(-1)}
        </Button>
      </Group>
    );
  }
  return (
    <Group gap={6} className={classes['fixes']}>
      <Button
        size="compact-xs"
        leftSection={<ArrowRightLeft size={12} aria-hidden />}
        onClick={() => {
          changeNodeCard(doc, ids, place.cardType, origin);
          watch.flush();
        }}
      >
        Move {nodeCount(ids.length)} to “{place.cardType}”
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        loading={busy}
        onClick={() =>
          void attempt(async () => {
            const moved = await cardFilesApi.moveNodes(projectId, place.cardId, cardType);
            notifications.show({ message: movedText(moved) });
          })
        }
      >
        In every pipeline
      </Button>
    </Group>
  );
}

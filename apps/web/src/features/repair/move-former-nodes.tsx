import { Alert, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { CardUses } from '@ensemble/protocol';
import { ArrowRightLeft } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { cardFilesApi } from '../../shared/api/card-files-api.ts';
import { movedText, nodeCount, pipelineCount } from './move-text.ts';

interface MoveFormerNodesProps {
  projectId: string;
  cardId: string;
  uses: CardUses;
  canEdit: boolean;
  onMoved: () => void;
}

/** Beside the code of a card whose type was changed: takes the nodes of the former type along, in every pipeline. */
export function MoveFormerNodes({ projectId, cardId, uses, canEdit, onMoved }: MoveFormerNodesProps) {
  const [busy, setBusy] = useState(false);
  const { cardType, former } = uses;
  if (cardType === null) return null;
  const move = async (from: string) => {
    setBusy(true);
    try {
      notifications.show({ message: movedText(await cardFilesApi.moveNodes(projectId, cardId, from)) });
      onMoved();
    } catch (error) {
      notifications.show({ color: 'red', title: 'No node was moved', message: sentenceOf(error) });
    }
    setBusy(false);
  };
  return former.map(({ cardType: from, pipelines }) => {
    const count = pipelines.reduce((all, use) => all + use.count, 0);
    const nodes = nodeCount(count);
    const title = `${nodes} in ${pipelineCount(pipelines.length)} still ${count === 1 ? 'names' : 'name'} “${from}”`;
    return (
      <Alert key={from} m="sm" color="orange" variant="light" title={title}>
        This card was called that before. Nodes of that type cannot run until they are moved.
        {canEdit ? (
          <div>
            <Button
              mt="xs"
              size="compact-sm"
              loading={busy}
              leftSection={<ArrowRightLeft size={13} aria-hidden />}
              onClick={() => void move(from)}
            >
              Move {nodes} to “{cardType}”
            </Button>
          </div>
        ) : null}
      </Alert>
    );
  });
}

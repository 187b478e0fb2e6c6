import { Button } from '@mantine/core';
import { SquarePen } from 'lucide-react';
import { Link } from 'react-router';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { cardAddress } from '../../shared/ui/card-address.ts';

/** To the first error of a card that cannot be read. */
export function OpenCardCode({ cardType }: { cardType: string }) {
  const { cards, projectId, pipelineId } = usePipelineSession();
  const entry = cards.get(cardType);
  if (!entry) return null;
  const line = entry.diagnostics.find(({ severity }) => severity === 'error')?.line;
  return (
    <Button
      component={Link}
      to={cardAddress(projectId, entry.cardId, { line, pipeline: pipelineId })}
      size="compact-xs"
      variant="default"
      ml={34}
      mb={8}
      leftSection={<SquarePen size={12} aria-hidden />}
    >
      Open {entry.path}
    </Button>
  );
}

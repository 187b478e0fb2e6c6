import { Alert, Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { sentenceOf } from '../api/api-client.ts';

/** What went wrong, in one sentence, with a way to try again where there is one. */
export function FailureNote({ error, onRetry, title = 'That did not work' }: { error: unknown; onRetry?: () => void; title?: string }) {
  return (
    <Alert color="red" variant="light" radius="md" icon={<TriangleAlert size={16} aria-hidden />} title={title} role="alert">
      {sentenceOf(error)}
      {onRetry ? (
        <div>
          <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      ) : null}
    </Alert>
  );
}

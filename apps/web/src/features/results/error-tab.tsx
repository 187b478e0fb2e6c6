import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { RunDocumentStep } from '@ensemble/protocol';
import { CircleCheck, SquarePen, TriangleAlert } from 'lucide-react';
import { Link } from 'react-router';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import classes from './results.module.css';
import { tracebackLines } from './traceback-lines.ts';
import { useStepDetail } from './use-step-detail.ts';

const KINDS: Record<string, string> = {
  card: 'The card raised an error',
  contract: 'The card broke its contract',
  timeout: 'The card took too long',
  memory: 'The card ran out of memory',
  environment: 'The card’s Python packages cannot be installed',
  infrastructure: 'Not the card’s fault',
};

/** Why a step failed, with the line of the card. */
export function ErrorTab({
  runId,
  nodeId,
  step,
  onShowCode,
  onShowLine,
  editorAddress,
}: {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
  onShowCode: () => void;
  /** Where the code is in sight: frames of the traceback that are in the card lead to their lines. */
  onShowLine?: (line: number) => void;
  /** Where the line of the card is edited, when that is on another page. */
  editorAddress?: string | undefined;
}) {
  const failed = step?.error !== undefined || step?.state === 'failed';
  const detail = useStepDetail(runId, nodeId, failed ? step : undefined);
  if (!failed) {
    return (
      <EmptyState compact icon={CircleCheck} title="No error">
        {step?.state === 'skipped' ? step.reason : 'If this card fails, the message and the traceback are shown here.'}
      </EmptyState>
    );
  }
  const error = detail.data?.error ?? step.error;
  const full = detail.data?.error;
  return (
    <Stack gap="md" p="md">
      {error ? (
        <Alert color="red" variant="light" icon={<TriangleAlert size={16} aria-hidden />} title={KINDS[error.kind] ?? 'The step failed'}>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {full?.type ? `${full.type}: ` : ''}
            {error.message}
          </Text>
          {error.line === undefined ? null : (
            <Group gap="xs" mt="sm">
              <Button size="xs" variant="default" onClick={onShowCode}>
                {full?.file ? `${full.file}, line ${error.line}` : `Line ${error.line} of the card`}
              </Button>
              {editorAddress === undefined ? null : (
                <Button size="xs" variant="default" component={Link} to={editorAddress} leftSection={<SquarePen size={13} aria-hidden />}>
                  Open editor
                </Button>
              )}
            </Group>
          )}
        </Alert>
      ) : null}
      {detail.isPending ? <Skeleton height={120} radius="md" /> : null}
      {detail.isError ? <FailureNote error={detail.error} onRetry={() => void detail.refetch()} /> : null}
      {full?.traceback ? (
        <section aria-label="Traceback">
          <h3 className={classes['heading']}>Traceback</h3>
          <pre className={classes['trace']}>
            {tracebackLines(full.traceback, full.file, full.line).map((line, index) => (
              <span key={index} className={classes['traceLine']} data-card={line.inCard || undefined}>
                {onShowLine && line.cardLine !== undefined ? (
                  <button type="button" className={classes['traceLink']} onClick={() => onShowLine(line.cardLine!)}>
                    {line.text}
                  </button>
                ) : (
                  line.text || ' '
                )}
              </span>
            ))}
          </pre>
        </section>
      ) : null}
    </Stack>
  );
}

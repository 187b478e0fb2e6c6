import { Alert, Group, Skeleton, Stack, Text } from '@mantine/core';
import { decodeWire } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { ChartNoAxesColumn, Info } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { formatDuration } from '../../shared/ui/times.ts';
import { ArtifactList } from './artifact-list.tsx';
import { PreviewView } from './preview-view.tsx';
import { readPreview } from './preview-shape.ts';
import { useStepDetail } from './use-step-detail.ts';

interface TabProps {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
}

/** What a step made: the card's preview and the artifacts to download. `bare`: its state stands beside it already. */
export function ResultTab({ runId, nodeId, step, bare = false, lineage }: TabProps & { bare?: boolean; lineage?: ReactNode }) {
  const detail = useStepDetail(runId, nodeId, step);
  const preview = detail.data?.preview;
  const shape = useMemo(
    () => (preview === null || preview === undefined ? undefined : readPreview(detail.data?.outputViewType ?? 'json', decodeWire(preview))),
    [preview, detail.data?.outputViewType],
  );
  if (!runId || !step) {
    return (
      <EmptyState compact icon={ChartNoAxesColumn} title="No result yet">
        {runId
          ? 'This card was added after the run started. Run the pipeline again to include it.'
          : 'Press Run to execute this pipeline. What this card makes is shown here.'}
      </EmptyState>
    );
  }
  return (
    <Stack gap="md" p="md">
      {bare ? null : <StepHead step={step} durationMs={detail.data?.durationMs} />}
      {detail.isPending ? <Skeleton height={120} radius="md" /> : null}
      {detail.isError ? <FailureNote error={detail.error} onRetry={() => void detail.refetch()} /> : null}
      {detail.data?.previewError ? (
        <Alert color="orange" variant="light" icon={<Info size={16} aria-hidden />} title="The preview failed; the result itself is fine">
          {detail.data.previewError}
        </Alert>
      ) : null}
      {shape ? <PreviewView shape={shape} artifacts={detail.data?.outputs ?? []} runId={runId} nodeId={nodeId} /> : null}
      {detail.data && step.state === 'succeeded' && !shape && !detail.data.previewError ? (
        <Text size="sm" c="var(--e-dim)">
          This card shows no preview.
        </Text>
      ) : null}
      {detail.data && detail.data.outputs.length > 0 ? <ArtifactList outputs={detail.data.outputs} runId={runId} nodeId={nodeId} /> : null}
      {lineage ? <div>{lineage}</div> : null}
    </Stack>
  );
}

function StepHead({ step, durationMs }: { step: RunDocumentStep; durationMs: number | null | undefined }) {
  return (
    <>
      <Group gap="xs">
        <StateBadge
          state={step.state}
          note={step.pinnedFrom ? `pinned, run ${step.pinnedFrom.number}` : step.cached ? 'cached' : undefined}
        />
        {durationMs === null || durationMs === undefined || step.cached ? null : (
          <Text size="xs" c="var(--e-dim)">
            took {formatDuration(durationMs)}
          </Text>
        )}
      </Group>
      {step.reason ? (
        <Text size="sm" c="var(--e-dim)">
          {step.reason}
        </Text>
      ) : null}
      {step.state === 'running' && step.progress ? (
        <Text size="sm">
          {Math.round(step.progress.fraction * 100)} %{step.progress.message ? ` · ${step.progress.message}` : ''}
        </Text>
      ) : null}
    </>
  );
}

import { ActionIcon, Select, Tooltip } from '@mantine/core';
import { isFinalStepState } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { Maximize2, ScrollText } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { logAddress } from './log-address.ts';
import type { LogPlace } from './log-list.tsx';
import { LogView } from './log-view.tsx';
import { hasLog, useLogFeed } from './use-log-feed.ts';

interface LogTabProps {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
}

/** What the card printed, live: everybody who looks sees the same. */
export function LogTab(props: LogTabProps) {
  const { runId, nodeId, step } = props;
  if (runId === undefined || !hasLog(step)) {
    return (
      <EmptyState compact icon={ScrollText} title="No log">
        {step?.state === 'skipped'
          ? 'This step was skipped, so nothing was printed.'
          : 'What the card prints is shown here as soon as it runs.'}
      </EmptyState>
    );
  }
  return <StepLog key={`${runId} ${nodeId} ${step!.attempt}`} runId={runId} nodeId={nodeId} step={step!} />;
}

function StepLog({ runId, nodeId, step }: { runId: string; nodeId: string; step: RunDocumentStep }) {
  const [chosen, setChosen] = useState<number>();
  const attempt = chosen ?? step.attempt;
  const feed = useLogFeed(runId, nodeId, step, attempt);
  const over = attempt < step.attempt || isFinalStepState(step.state);
  const logs = useMemo(
    () => (feed ? [{ key: nodeId, title: step.title, feed, over, downloadUrl: api.logUrl(runId, nodeId, attempt) }] : []),
    [feed, nodeId, step.title, over, runId, attempt],
  );
  const linkOf = useCallback((place: LogPlace) => `${window.location.origin}${logAddress(runId, nodeId, place.position)}`, [runId, nodeId]);
  return (
    <LogView
      key={attempt}
      logs={logs}
      label="Log of this step"
      linkOf={linkOf}
      aside={
        <>
          {step.attempt > 1 ? (
            <Select
              size="xs"
              w={118}
              aria-label="Attempt"
              allowDeselect={false}
              value={String(attempt)}
              onChange={(value) => setChosen(Number(value))}
              data={Array.from({ length: step.attempt }, (_, at) => ({ value: String(at + 1), label: `Attempt ${at + 1}` }))}
            />
          ) : null}
          <Tooltip label="Open on a page of its own">
            <ActionIcon size="sm" component={Link} to={logAddress(runId, nodeId)} aria-label="Open the log on a page of its own">
              <Maximize2 size={13} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </>
      }
    />
  );
}

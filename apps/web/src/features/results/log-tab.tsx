import { Switch, Text } from '@mantine/core';
import { isFinalStepState } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { ScrollText } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { plainLog } from './plain-log.ts';
import classes from './results.module.css';
import { useStepLog } from './use-step-log.ts';

interface LogTabProps {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
}

/** What the card printed, live. */
export function LogTab(props: LogTabProps) {
  const { runId, nodeId, step } = props;
  const over = step !== undefined && isFinalStepState(step.state);
  return <AttemptLog key={`${runId} ${nodeId} ${step?.attempt} ${over}`} {...props} />;
}

function AttemptLog({ runId, nodeId, step }: LogTabProps) {
  const log = useStepLog(runId, nodeId, step);
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLPreElement>(null);
  const text = useMemo(() => plainLog(log.text), [log.text]);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  if (!step || step.state === 'pending' || step.state === 'skipped') {
    return (
      <EmptyState compact icon={ScrollText} title="No log">
        {step?.state === 'skipped'
          ? 'This step was skipped, so nothing was printed.'
          : 'What the card prints is shown here as soon as it runs.'}
      </EmptyState>
    );
  }
  return (
    <div className={classes['logFrame']}>
      <div className={classes['logBar']}>
        <Text size="xs" c="var(--e-dim)" role="status">
          {log.complete ? (text === '' ? 'Nothing was printed' : 'Complete') : 'Live'}
          {log.truncated ? ' · the log was too long and is cut' : ''}
        </Text>
        <Switch size="xs" label="Follow" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />
      </div>
      {log.failure ? <FailureNote error={log.failure} /> : null}
      <pre ref={box} className={classes['log']} role="log" aria-label="Log of this step" aria-live="off">
        {text}
      </pre>
    </div>
  );
}

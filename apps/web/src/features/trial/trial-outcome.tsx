import { Alert, Progress, Text } from '@mantine/core';
import type { ProjectCardEntry, RunDocumentStep } from '@ensemble/protocol';
import { isFinalStepState } from '@ensemble/protocol';
import { History } from 'lucide-react';
import { useStepLine } from './use-step-line.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { formatAgo, formatDuration } from '../../shared/ui/times.ts';
import { useNow } from '../../shared/ui/use-now.ts';
import type { TrialParts } from './trial-parts.ts';
import classes from './trial.module.css';
import type { ShownTrial } from './use-trial.ts';

interface TrialOutcomeProps {
  trial: ShownTrial;
  entry: ProjectCardEntry;
  /** The person who looks. */
  userId: string;
  parts: TrialParts;
  onReveal: (line: number) => void;
  /** The line of the card that raised, while it is shown. */
  onErrorLine: ((line: number | undefined) => void) | undefined;
}

/** What became of a trial: everybody who has the card open sees the same. */
export function TrialOutcome({ trial, entry, userId, parts, onReveal, onErrorLine }: TrialOutcomeProps) {
  const { runId, nodeId, step, meta } = trial;
  const { Curves, Failure, Log, Result } = parts;
  const now = useNow(trial.active || step?.startedAt !== undefined, trial.active ? 250 : 30_000);
  const failed = step?.state === 'failed';
  const over = step !== undefined && isFinalStepState(step.state);
  const changed = trial.entry !== undefined && trial.entry.sourceHash !== entry.sourceHash;
  useStepLine(failed && !changed ? step.error?.line : undefined, onErrorLine);
  const starter = trial.entry?.starter ?? meta?.starter;
  const who = starter === undefined || starter.userId === userId ? 'you' : starter.name;
  return (
    <section
      className={classes['outcome']}
      aria-label={`Trial ${trial.number}`}
      data-trial={trial.number}
      data-state={step?.state ?? 'queued'}
    >
      <div className={classes['outcomeHead']}>
        <h3 className={classes['heading']}>Trial {trial.number}</h3>
        <StateBadge state={step?.state ?? 'queued'} />
        <span className={classes['dim']}>
          {who}
          {meta ? ` · ${formatAgo(meta.createdAt, now)}` : ''}
        </span>
      </div>
      <p className={classes['facts']} role="status">
        {factsOf(step, now)}
        {meta?.isolation ? (
          <span title={parts.isolationText(meta.isolation).explanation}> · isolation {parts.isolationText(meta.isolation).label}</span>
        ) : null}
      </p>
      {step?.state === 'running' && step.progress ? (
        <div className={classes['progress']}>
          <Progress value={step.progress.fraction * 100} size="sm" aria-label="Progress of the card" />
          <Text size="xs" c="var(--e-dim)" mt={4}>
            {Math.round(step.progress.fraction * 100)} % {step.progress.message}
          </Text>
        </div>
      ) : null}
      {changed ? (
        <Alert color="yellow" variant="light" p="xs" mb="xs" icon={<History size={15} aria-hidden />}>
          The code changed since this trial.
        </Alert>
      ) : null}
      {failed ? (
        <div className={classes['part']}>
          <Failure runId={runId} nodeId={nodeId} step={step} onShowLine={onReveal} />
        </div>
      ) : null}
      {over && !failed ? (
        <div className={classes['part']}>
          <Result runId={runId} nodeId={nodeId} step={step} />
        </div>
      ) : null}
      <Curves runId={runId} nodeId={nodeId} step={step} />
      <h4 className={classes['subheading']}>Printed</h4>
      <div className={classes['log']}>
        <Log runId={runId} nodeId={nodeId} step={step} />
      </div>
    </section>
  );
}

function factsOf(step: RunDocumentStep | undefined, now: number): string {
  if (!step || step.state === 'pending' || step.state === 'queued') return step?.reason ?? 'Waiting for a runner';
  if (step.startedAt === undefined) return step.reason ?? '';
  const took = formatDuration((step.finishedAt ?? now) - step.startedAt);
  if (step.state === 'running') return `Running for ${took}`;
  return `Took ${took}${step.warm === undefined ? '' : step.warm === 'card' ? ' · warm sandbox' : ' · fresh sandbox'}`;
}

import { ActionIcon, Alert, Anchor, Button, Group, Skeleton, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { isFinalRunState } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { CirclePlay, History, RotateCcw, ScrollText, Square } from 'lucide-react';
import { Link, useNavigate } from 'react-router';
import { useRuns } from '../../shared/api/queries.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView, useSteps } from '../../shared/session/run-view.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { formatAgo, formatDuration } from '../../shared/ui/times.ts';
import { useNow } from '../../shared/ui/use-now.ts';
import { isUnfinished } from './is-unfinished.ts';
import { isolationText } from './isolation-text.ts';
import { orderSteps } from './order-steps.ts';
import classes from './runs.module.css';
import { useRunControl } from './use-run-control.ts';

/** The run people look at with its steps, and all runs of this pipeline. */
export function RunsPanel({ latestRunId }: { latestRunId: string | undefined }) {
  const { pipelineId, past } = usePipelineSession();
  const view = useRunView();
  // The list is read over HTTP; the live documents say when it is out of date.
  const runs = useRuns(pipelineId, `${latestRunId} ${view.runId} ${view.meta?.state}`);
  const chooseRun = useEditorUi((ui) => ui.chooseRun);
  const navigate = useNavigate();
  const now = useNow(true, 30_000);

  if (runs.isPending) {
    return (
      <Stack p="md" gap="xs" role="status" aria-label="Loading runs">
        <Skeleton height={84} radius="md" />
        <Skeleton height={44} radius="md" />
        <Skeleton height={44} radius="md" />
      </Stack>
    );
  }
  if (runs.isError) return <FailureNote error={runs.error} onRetry={() => void runs.refetch()} />;
  if (runs.data.length === 0 && !view.runId) {
    return (
      <EmptyState compact icon={CirclePlay} title="No runs yet">
        Press Run to execute the whole pipeline. Everybody here sees it live.
      </EmptyState>
    );
  }
  return (
    <div>
      {view.runId ? <CurrentRun /> : null}
      {latestRunId !== undefined && view.runId !== undefined && view.runId !== latestRunId ? (
        <Text size="xs" px="md" pb="sm">
          This is an earlier run.{' '}
          <Anchor component="button" size="xs" onClick={() => chooseRun(undefined)}>
            Show the latest
          </Anchor>
        </Text>
      ) : null}
      <h3 className={classes['heading']}>All runs</h3>
      <ul className={classes['list']} aria-label="Runs of this pipeline">
        {runs.data.map((run) => {
          const shown = run.id === view.runId ? (view.meta ?? run) : run;
          return (
            <li key={run.id} className={classes['row']}>
              <UnstyledButton
                className={classes['item']}
                data-current={run.id === view.runId || undefined}
                aria-current={run.id === view.runId || undefined}
                onClick={() => (past ? void navigate(pathOf(pipelineId, run.id)) : chooseRun(run.id === latestRunId ? undefined : run.id))}
              >
                <span className={classes['itemText']}>
                  <b>Run {run.number}</b>
                  <span className={classes['dim']}>
                    {run.starter.name} · {formatAgo(run.createdAt, now)}
                  </span>
                </span>
                <StateBadge state={shown.state} />
              </UnstyledButton>
              {past ? null : (
                <Tooltip label="Open as it was: the pipeline, settings and code of this run">
                  <ActionIcon
                    component={Link}
                    to={pathOf(pipelineId, run.id)}
                    className={classes['open'] ?? ''}
                    aria-label={`Open run ${run.number} as it was`}
                  >
                    <History size={15} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Where a run is shown as it was. */
const pathOf = (pipelineId: string, runId: string) => `/pipelines/${pipelineId}/runs/${runId}`;

function CurrentRun() {
  const { meta } = useRunView();
  const { past } = usePipelineSession();
  const { resume, cancelStep, mayRun, mayCancel } = useRunControl();
  const steps = useSteps();
  const { graph } = useGraphView();
  const focusNode = useEditorUi((ui) => ui.focusNode);
  const now = useNow(meta !== undefined && !isFinalRunState(meta.state));
  if (!meta) {
    return (
      <Stack p="md" gap="xs" role="status" aria-label="Loading the run">
        <Skeleton height={84} radius="md" />
      </Stack>
    );
  }
  const isolation = isolationText(meta.isolation);
  const present = new Set(graph.nodes.map((node) => node.id));
  const took = meta.startedAt === undefined ? undefined : (meta.finishedAt ?? now) - meta.startedAt;
  return (
    <section aria-label={`Run ${meta.number}`} className={classes['run']}>
      <Group justify="space-between" mb={4}>
        <h3 className={classes['title']}>Run {meta.number}</h3>
        <Group gap={4}>
          <Tooltip label="The log of the whole run">
            <ActionIcon size="sm" component={Link} to={`/runs/${meta.runId}/log`} aria-label={`Log of run ${meta.number}`}>
              <ScrollText size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <StateBadge state={meta.state} />
        </Group>
      </Group>
      <Text size="xs" c="var(--e-dim)">
        started by {meta.starter.name}
        {took === undefined ? '' : ` · ${formatDuration(took)}`}
      </Text>
      {meta.isolation === undefined && isFinalRunState(meta.state) ? null : (
        <Text size="xs" c="var(--e-dim)" title={isolation.explanation}>
          Isolation: {isolation.label}
        </Text>
      )}
      {meta.scope || meta.resumes ? (
        <Text size="xs" c="var(--e-dim)">
          {[meta.resumes ? `Resumes run ${meta.resumes.number}` : undefined, meta.scope ? PARTS[meta.scope.kind] : undefined]
            .filter((text) => text !== undefined)
            .join(' · ')}
        </Text>
      ) : null}
      {isUnfinished(meta.state) && mayRun && !past ? (
        <Tooltip label="A new run that takes what succeeded and runs the rest, with the pipeline as it was then" multiline maw={260}>
          <Button
            mt="xs"
            size="compact-sm"
            variant="default"
            leftSection={<RotateCcw size={13} aria-hidden />}
            loading={resume.isPending}
            onClick={() => resume.mutate(meta.runId)}
          >
            {meta.state === 'failed' ? 'Retry failed steps' : 'Resume'}
          </Button>
        </Tooltip>
      ) : null}
      {meta.state === 'queued' ? (
        <Alert mt="sm" p="xs" color="yellow" variant="light">
          Waiting for a runner.
        </Alert>
      ) : null}
      <ul className={classes['steps']} aria-label="Steps">
        {orderSteps(steps).map(([nodeId, step]) => (
          <li key={nodeId} className={classes['row']}>
            <UnstyledButton
              className={classes['step']}
              disabled={!present.has(nodeId)}
              title={present.has(nodeId) ? undefined : 'This node has been deleted since'}
              onClick={() => focusNode(nodeId, tabFor(step))}
            >
              <span className={classes['stepTop']}>
                <span className={classes['stepTitle']}>{step.title}</span>
                <span className={classes['dim']}>{durationOf(step, now)}</span>
                <StateBadge
                  state={step.state}
                  note={step.pinnedFrom ? 'pinned' : step.cached ? 'cached' : step.attempt > 1 ? `attempt ${step.attempt}` : undefined}
                />
              </span>
              {noteOf(step) ? <span className={classes['note']}>{noteOf(step)}</span> : null}
            </UnstyledButton>
            {mayCancel && (step.state === 'running' || step.state === 'queued') ? (
              <Tooltip label="Cancel this step, and skip what depends on it">
                <ActionIcon
                  aria-label={`Cancel ${step.title}`}
                  loading={cancelStep.isPending && cancelStep.variables.nodeId === nodeId}
                  onClick={() => cancelStep.mutate({ run: meta.runId, nodeId })}
                >
                  <Square size={13} aria-hidden />
                </ActionIcon>
              </Tooltip>
            ) : null}
          </li>
        ))}
      </ul>
      {meta.leftOut ? <LeftOut titles={meta.leftOut} /> : null}
    </section>
  );
}

const PARTS = {
  to: 'Only up to the chosen cards',
  from: 'Only from the chosen cards on',
  only: 'Only the chosen cards, on what there was',
};

const NAMED = 5;

/** What the run did without, and why. */
function LeftOut({ titles }: { titles: readonly string[] }) {
  const named = titles.slice(0, NAMED).join(', ');
  const rest = titles.length - NAMED;
  return (
    <p className={classes['leftOut']}>
      Not run, because only pinned cards need {titles.length === 1 ? 'it' : 'them'}: {named}
      {rest > 0 ? ` and ${rest} more` : ''}.
    </p>
  );
}

const tabFor = (step: RunDocumentStep) => (step.state === 'failed' ? 'error' : step.state === 'running' ? 'log' : 'result');

function durationOf(step: RunDocumentStep, now: number): string {
  if (step.cached) return '';
  if (step.startedAt === undefined) return '';
  if (step.finishedAt === undefined && step.state !== 'running') return '';
  return formatDuration((step.finishedAt ?? now) - step.startedAt);
}

function noteOf(step: RunDocumentStep): string | undefined {
  if (step.state === 'failed') return step.error?.message;
  if (step.state === 'running') return step.progress ? `${Math.round(step.progress.fraction * 100)} % ${step.progress.message}` : undefined;
  return step.reason ?? step.why;
}

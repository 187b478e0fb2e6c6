import { Button, MultiSelect, Skeleton, Slider, Switch } from '@mantine/core';
import { MAX_METRIC_POINTS, type MetricView, type RunDocumentStep } from '@ensemble/protocol';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useRuns } from '../../shared/api/queries.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { groupCurves, positive, smooth, type Curve } from './curve-data.ts';
import classes from './metrics.module.css';
import { useCompared, useMetrics, type Zoom } from './use-metrics.ts';

const CurveChart = lazy(() => import('./curve-chart.tsx'));

/** More charts at once help nobody; the rest is one click away. */
const FIRST_CHARTS = 6;
const MOST_COMPARED = 3;

interface CurvesPanelProps {
  runId: string | undefined;
  nodeId: string;
  step: RunDocumentStep | undefined;
  /** To compare with its other runs; undefined for a trial. */
  pipelineId?: string | undefined;
}

/** What a card measured with `log_metric`, live. Nothing is shown of a card that measures nothing. */
export function CurvesPanel(props: CurvesPanelProps) {
  const { runId, nodeId, step } = props;
  const metrics = useMetrics(runId, nodeId, step);
  if (metrics.isError)
    return <FailureNote title="The curves cannot be read" error={metrics.error} onRetry={() => void metrics.refetch()} />;
  if (!runId || !metrics.data || metrics.data.series.length === 0) return null;
  return <Curves key={`${runId} ${nodeId}`} {...props} runId={runId} view={metrics.data} />;
}

function Curves({ runId, nodeId, pipelineId, view, step }: CurvesPanelProps & { runId: string; view: MetricView }) {
  const [weight, setWeight] = useState(0);
  const [isLog, setLog] = useState(false);
  const [all, setAll] = useState(false);
  const [zoom, setZoom] = useState<Zoom>();
  const [compared, setCompared] = useState<string[]>([]);
  const others = useCompared(compared, nodeId, zoom);
  const [near] = useCompared(zoom && step?.state !== 'running' ? [runId] : [], nodeId, zoom);
  const groups = useMemo(() => {
    const curvesOf = (one: MetricView | undefined, run: number, note: string): Curve[] =>
      (one?.series ?? []).map(({ name, steps, values }) => {
        const smoothed = smooth(values, weight);
        return { key: name, label: `${name}${note}`, steps, values: isLog ? positive(smoothed) : smoothed, run };
      });
    return groupCurves([...curvesOf(near ?? view, 0, ''), ...others.flatMap((other, at) => curvesOf(other, at + 1, ` (${at + 1})`))]);
  }, [view, near, others, weight, isLog]);
  return (
    <section aria-label="Curves" className={classes['panel']}>
      <div className={classes['head']}>
        <h3 className={classes['heading']}>Curves</h3>
        <div className={classes['smoothing']}>
          Smoothing
          <Slider
            size="sm"
            w={90}
            min={0}
            max={0.99}
            step={0.01}
            value={weight}
            onChange={setWeight}
            label={(value) => value.toFixed(2)}
            thumbLabel="Smoothing"
          />
        </div>
        <Switch size="xs" label="Log scale" checked={isLog} onChange={(event) => setLog(event.currentTarget.checked)} />
        {zoom ? (
          <Button size="compact-xs" variant="default" onClick={() => setZoom(undefined)}>
            Show all steps
          </Button>
        ) : null}
      </div>
      {pipelineId === undefined ? null : <Comparison pipelineId={pipelineId} runId={runId} compared={compared} onChange={setCompared} />}
      <Suspense fallback={<Skeleton height={220} radius="md" />}>
        <div className={classes['charts']}>
          {(all ? groups : groups.slice(0, FIRST_CHARTS)).map(({ name, curves }) => (
            <CurveChart key={name} name={name} curves={curves} isLog={isLog} zoom={zoom} onZoom={setZoom} />
          ))}
        </div>
      </Suspense>
      {!all && groups.length > FIRST_CHARTS ? (
        <Button size="xs" variant="default" mt="sm" onClick={() => setAll(true)}>
          Show {groups.length - FIRST_CHARTS} more
        </Button>
      ) : null}
      <p className={classes['note']}>{notesOf(view).join(' ')}</p>
    </section>
  );
}

function notesOf({ total, dropped, notFinite }: MetricView): string[] {
  const count = (number: number): string => number.toLocaleString('en');
  return [
    `${count(total)} ${total === 1 ? 'point' : 'points'}.`,
    notFinite > 0 ? `${count(notFinite)} of them were no finite number and are gaps.` : '',
    dropped > 0
      ? `${count(dropped)} more were not kept: at most ${count(MAX_METRIC_POINTS)} are, and no more than 20,000 a second for long. Log less often.`
      : '',
  ].filter(Boolean);
}

function Comparison({
  pipelineId,
  runId,
  compared,
  onChange,
}: {
  pipelineId: string;
  runId: string;
  compared: string[];
  onChange: (runIds: string[]) => void;
}) {
  const runs = useRuns(pipelineId, `compare ${runId}`);
  const others = (runs.data ?? []).filter(({ id }) => id !== runId);
  if (others.length === 0) return null;
  return (
    <MultiSelect
      size="xs"
      mb="xs"
      aria-label="Compare with other runs"
      placeholder={compared.length === 0 ? 'Compare with other runs' : ''}
      maxValues={MOST_COMPARED}
      searchable
      value={compared}
      onChange={onChange}
      data={others.map(({ id, number }) => ({
        value: id,
        label: compared.includes(id) ? `(${compared.indexOf(id) + 1}) run ${number}` : `Run ${number}`,
      }))}
    />
  );
}

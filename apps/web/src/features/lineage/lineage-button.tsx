import { Button, Modal, Skeleton } from '@mantine/core';
import type { LineageStep, StepLineage } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Code, Waypoints } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { formatBytes, formatMoment } from '../../shared/ui/times.ts';
import classes from './lineage.module.css';

interface Place {
  runId: string;
  nodeId: string;
}

/** "Where does this come from, what used it": a walk through the runs of the project, back and forth. */
export function LineageButton({ runId, nodeId }: Place) {
  const [trail, setTrail] = useState<Place[]>([]);
  const at = trail.at(-1);
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Waypoints size={13} aria-hidden />}
        onClick={() => setTrail([{ runId, nodeId }])}
      >
        Where this comes from
      </Button>
      <Modal opened={at !== undefined} onClose={() => setTrail([])} title="Where this comes from, and what used it" size="lg">
        {trail.length > 1 ? (
          <Button
            size="compact-xs"
            variant="subtle"
            mb="xs"
            leftSection={<ArrowLeft size={13} aria-hidden />}
            onClick={() => setTrail((before) => before.slice(0, -1))}
          >
            Back
          </Button>
        ) : null}
        {at ? <Lineage key={`${at.runId} ${at.nodeId}`} place={at} onGo={(next) => setTrail((before) => [...before, next])} /> : null}
      </Modal>
    </>
  );
}

function Lineage({ place, onGo }: { place: Place; onGo: (place: Place) => void }) {
  const answer = useQuery({
    queryKey: ['runs', place.runId, 'steps', place.nodeId, 'lineage'],
    queryFn: () => api.lineage(place.runId, place.nodeId),
  });
  if (answer.isPending) return <Skeleton height={260} radius="md" />;
  if (answer.isError) return <FailureNote error={answer.error} onRetry={() => void answer.refetch()} />;
  const { step, madeIn, card, config, files, inputs, outputs } = answer.data;
  const maker = madeIn ?? step;
  return (
    <div className={classes['lineage']}>
      <section aria-label="This result" className={classes['here']}>
        <div className={classes['row']}>
          <h3 className={classes['title']}>{step.title}</h3>
          <StateBadge state={step.state} note={step.cached ? 'not executed here' : undefined} />
        </div>
        <p className={classes['dim']}>{sentenceOf(step)}</p>
        {madeIn ? (
          <p className={classes['dim']}>
            Made in <StepLink step={madeIn} onGo={onGo} />.
          </p>
        ) : null}
        {card ? (
          <p className={classes['dim']}>
            <Code size={12} aria-hidden /> <code>{card.path}</code>, source {card.sourceHash.slice(0, 12)} ·{' '}
            <Link to={`/pipelines/${maker.pipelineId}/runs/${maker.runId}`}>open the run as it was</Link>
          </p>
        ) : null}
        <ConfigList config={config} files={files} />
      </section>
      <section aria-label="Made from">
        <h4 className={classes['heading']}>Made from</h4>
        {inputs.length === 0 ? (
          <p className={classes['dim']}>No other step: only its settings{files.length > 0 ? ' and files' : ''}.</p>
        ) : null}
        <ul className={classes['list']}>
          {inputs.map(({ port, from, artifact }) => (
            <li key={port}>
              <b>{port}</b> from <StepLink step={from} onGo={onGo} />
              {artifact ? (
                <span
                  className={classes['dim']}
                >{` · ${artifact.type}, ${formatBytes(artifact.bytes)}, ${artifact.sha256.slice(0, 12)}`}</span>
              ) : null}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Used by">
        <h4 className={classes['heading']}>Used by</h4>
        {outputs.length === 0 ? <p className={classes['dim']}>It left nothing that could be used.</p> : null}
        {outputs.map((output) => (
          <Uses key={`${output.key} ${output.sha256}`} output={output} onGo={onGo} />
        ))}
      </section>
    </div>
  );
}

function Uses({ output, onGo }: { output: StepLineage['outputs'][number]; onGo: (place: Place) => void }) {
  return (
    <div className={classes['output']}>
      <div>
        <b>{output.key}</b>{' '}
        <span className={classes['dim']}>{`${output.type}, ${formatBytes(output.bytes)}, ${output.sha256.slice(0, 12)}`}</span>
      </div>
      {output.uses.length === 0 ? (
        <p className={classes['dim']}>Nothing has used it yet.</p>
      ) : (
        <ul className={classes['list']}>
          {output.uses.map(({ port, by }) => (
            <li key={`${by.runId} ${by.nodeId} ${port}`}>
              <StepLink step={by} onGo={onGo} /> <span className={classes['dim']}>as {port}</span>
            </li>
          ))}
        </ul>
      )}
      {output.moreUses ? <p className={classes['dim']}>Older uses are not listed.</p> : null}
    </div>
  );
}

function ConfigList({ config, files }: Pick<StepLineage, 'config' | 'files'>) {
  const entries = Object.entries(config).filter(([field]) => !files.some((file) => file.field === field));
  if (entries.length + files.length === 0) return null;
  return (
    <dl className={classes['config']}>
      {files.map(({ field, name, sha256 }) => (
        <div key={`${field} ${sha256}`}>
          <dt>{field}</dt>
          <dd>
            {name} <span className={classes['dim']}>{sha256.slice(0, 12)}</span>
          </dd>
        </div>
      ))}
      {entries.map(([field, value]) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function StepLink({ step, onGo }: { step: LineageStep; onGo: (place: Place) => void }) {
  return (
    <button type="button" className={classes['link']} onClick={() => onGo(step)}>
      {step.title}, run {step.runNumber}
    </button>
  );
}

const sentenceOf = ({ runNumber, starter, finishedAt, cardType }: LineageStep): string =>
  `${cardType} in run ${runNumber} by ${starter}${finishedAt === null ? '' : `, ${formatMoment(finishedAt)}`}`;

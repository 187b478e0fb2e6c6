import { Button, Loader, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ProjectEnvironment } from '@ensemble/protocol';
import type { ProjectEnvironmentEntry } from '@ensemble/protocol';
import { CircleX, PackageCheck, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { client, read, sentenceOf } from '../../shared/api/api-client.ts';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import { useYMapEntries } from '../../shared/session/y-map-values.ts';
import { environmentText, toneOf } from './environment-text.ts';
import classes from './environment-status.module.css';

interface EnvironmentStatusProps {
  projectId: string;
  /** `project:<id>` */
  index: LiveDocument | undefined;
  /** `environment` of the card's entry; nothing is shown for a card that needs none of its own. */
  setId: string | undefined;
  mayEdit: boolean;
}

/** Whether the packages that a card requires are there: live, the same for everybody. */
export function EnvironmentStatus({ projectId, index, setId, mayEdit }: EnvironmentStatusProps) {
  const entry = useYMapEntries<ProjectEnvironmentEntry>(index?.doc, 'environments').get(setId ?? '');
  if (!entry) return null;
  return (
    <section className={classes['status']} aria-label="Python packages of this card">
      <EnvironmentFacts projectId={projectId} entry={entry} mayEdit={mayEdit} title="Python packages" />
    </section>
  );
}

/** One environment: what it holds and how far it is, and why it failed, with a way to try again. */
export function EnvironmentFacts({
  projectId,
  entry,
  mayEdit,
  title,
}: {
  projectId: string;
  entry: ProjectEnvironmentEntry;
  mayEdit: boolean;
  title: ReactNode;
}) {
  const tone = toneOf(entry);
  const installing = entry.state === 'building' && entry.fraction !== undefined;
  return (
    <>
      <div className={classes['head']} role="status">
        <span className={`${classes['icon']} ${classes[tone]}`}>
          {tone === 'good' ? <PackageCheck size={17} aria-hidden /> : null}
          {tone === 'bad' ? <CircleX size={17} aria-hidden /> : null}
          {tone === 'busy' ? <Loader size={14} aria-hidden /> : null}
        </span>
        <span className={classes['words']}>
          <span className={classes['title']}>{title}</span>{' '}
          <span className={classes['detail']} data-testid="environment-state">
            {environmentText(entry)}
          </span>
        </span>
      </div>
      {installing ? <Progress size="xs" value={(entry.fraction ?? 0) * 100} aria-label="How much is installed" /> : null}
      <ul className={classes['wishes']} aria-label="Required packages">
        {entry.requirements.map((requirement) => (
          <li key={requirement}>{requirement}</li>
        ))}
      </ul>
      {entry.state === 'failed' ? <Fault projectId={projectId} entry={entry} mayEdit={mayEdit} /> : null}
    </>
  );
}

function Fault({ projectId, entry, mayEdit }: { projectId: string; entry: ProjectEnvironmentEntry; mayEdit: boolean }) {
  const [busy, setBusy] = useState(false);
  const { setId, message, details, temporary } = entry;
  const retry = async () => {
    setBusy(true);
    try {
      const path = '/api/projects/{projectId}/environments/{setId}/retry';
      await read(ProjectEnvironment, client.POST(path, { params: { path: { projectId, setId } } }));
    } catch (error) {
      notifications.show({ color: 'red', title: 'It was not tried again', message: sentenceOf(error) });
    }
    setBusy(false);
  };
  return (
    <div className={classes['fault']}>
      <span className={classes['words']}>
        {message} {temporary ? 'It is tried again by itself.' : null}
      </span>
      {details ? (
        <details>
          <summary>What the installer said</summary>
          <pre className={classes['said']}>{details}</pre>
        </details>
      ) : null}
      {mayEdit ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<RotateCw size={13} aria-hidden />}
          loading={busy}
          onClick={() => void retry()}
        >
          Retry
        </Button>
      ) : null}
    </div>
  );
}

import { ActionIcon, Progress, Text, Tooltip } from '@mantine/core';
import { X } from 'lucide-react';
import { formatBytes } from '../../shared/ui/times.ts';
import classes from './data.module.css';
import { useUploads } from './uploads.ts';
import type { UploadItem } from './uploads.ts';

/** Files on their way, each with its progress or the reason why it failed. */
export function UploadList({ projectId }: { projectId: string }) {
  const items = useUploads((uploads) => uploads.items);
  const drop = useUploads((uploads) => uploads.drop);
  const mine = items.filter((item) => item.projectId === projectId);
  if (mine.length === 0) return null;
  return (
    <ul className={classes['uploads']} aria-label="Uploads">
      {mine.map((item) => (
        <li key={item.key} className={classes['upload']} data-failed={item.phase === 'failed' || undefined}>
          <div className={classes['uploadTop']}>
            <span className={classes['fileName']}>{item.file.name}</span>
            <span className={classes['note']}>{item.phase === 'failed' ? 'failed' : noteOf(item)}</span>
            <Tooltip label={item.phase === 'failed' ? 'Dismiss' : 'Stop this upload'}>
              <ActionIcon
                size="sm"
                aria-label={item.phase === 'failed' ? `Dismiss ${item.file.name}` : `Stop the upload of ${item.file.name}`}
                onClick={() => drop(item.key)}
              >
                <X size={14} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </div>
          {item.phase === 'failed' ? (
            <Text size="sm" c="var(--e-bad)" role="alert">
              {item.error}
            </Text>
          ) : (
            <Progress
              size="sm"
              radius="xl"
              value={(item.sent / item.file.size) * 100}
              animated={item.phase === 'checking'}
              color={item.phase === 'waiting' ? 'orange' : undefined}
              aria-label={`Upload of ${item.file.name}`}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

function noteOf({ phase, sent, file }: UploadItem): string {
  if (phase === 'queued') return 'waits for its turn';
  if (phase === 'checking') return 'reading its columns…';
  const progress = `${formatBytes(sent)} of ${formatBytes(file.size)}`;
  return phase === 'waiting' ? `${progress} · connection lost, trying again` : progress;
}

import { Skeleton } from '@mantine/core';
import classes from './editor.module.css';

/** The editor's outline while its documents open. */
export function EditorSkeleton() {
  return (
    <div className={classes['editor']} role="status" aria-label="Opening the pipeline">
      <div className={classes['top']}>
        <Skeleton height={22} width={260} />
      </div>
      <div className={classes['left']} style={{ padding: 12 }}>
        {[0, 1, 2, 3, 4].map((index) => (
          <Skeleton key={index} height={48} mb={8} radius={8} />
        ))}
      </div>
      <div className={classes['centre']} />
      <div className={classes['right']} style={{ padding: 16 }}>
        <Skeleton height={30} mb={16} />
        <Skeleton height={120} />
      </div>
    </div>
  );
}

import { Skeleton, Stack } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './link-list.module.css';

export interface LinkListItem {
  id: string;
  to: string;
  name: string;
  note: string;
  aside?: ReactNode;
}

/** A list of things to open: projects, pipelines. */
export function LinkList({ label, icon: Icon, items }: { label: string; icon: LucideIcon; items: LinkListItem[] }) {
  return (
    <ul className={classes['list']} aria-label={label}>
      {items.map((item) => (
        <li key={item.id}>
          <Link to={item.to} className={classes['link']}>
            <span className={classes['icon']} aria-hidden>
              <Icon size={17} />
            </span>
            <span className={classes['text']}>
              <div className={classes['name']}>{item.name}</div>
              <div className={classes['note']}>{item.note}</div>
            </span>
            {item.aside}
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function LinkListSkeleton() {
  return (
    <Stack gap={8} role="status" aria-label="Loading the list">
      <Skeleton height={62} radius={10} />
      <Skeleton height={62} radius={10} />
      <Skeleton height={62} radius={10} />
    </Stack>
  );
}

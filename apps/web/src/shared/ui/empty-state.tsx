import { Stack, Text, Title } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

/** Says what is missing here and offers the next action. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  compact,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  compact?: boolean;
}) {
  return (
    <Stack align="center" gap="xs" className={compact ? classes['compact'] : classes['root']}>
      <span className={classes['icon']} aria-hidden>
        <Icon size={compact ? 18 : 22} />
      </span>
      <Title order={2} size={compact ? 'sm' : 'md'} ta="center">
        {title}
      </Title>
      {children ? (
        <Text size="sm" c="var(--e-dim)" ta="center" maw={440} component="div">
          {children}
        </Text>
      ) : null}
      {action ? <div className={classes['action']}>{action}</div> : null}
    </Stack>
  );
}

import { Tooltip } from '@mantine/core';
import { initialsOf } from './initials.ts';
import classes from './person-avatar.module.css';

/** A person as initials on their colour; the whole name is the accessible name. */
export function PersonAvatar({ name, color, note, size = 26 }: { name: string; color?: string; note?: string; size?: number }) {
  const label = note ? `${name} (${note})` : name;
  return (
    <Tooltip label={label}>
      <span
        role="img"
        aria-label={label}
        className={classes['avatar']}
        style={{ width: size, height: size, fontSize: size * 0.4, ...(color ? { background: color, color: '#fff' } : {}) }}
      >
        {initialsOf(name)}
      </span>
    </Tooltip>
  );
}

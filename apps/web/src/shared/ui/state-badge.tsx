import type { RunState, StepState } from '@ensemble/protocol';
import { Ban, Check, CircleDashed, Clock, LoaderCircle, SkipForward, X } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import classes from './state-badge.module.css';

const LOOKS: Record<StepState | RunState, { icon: LucideIcon; tone: string; label: string }> = {
  pending: { icon: CircleDashed, tone: 'idle', label: 'Pending' },
  queued: { icon: Clock, tone: 'warn', label: 'Queued' },
  running: { icon: LoaderCircle, tone: 'busy', label: 'Running' },
  succeeded: { icon: Check, tone: 'good', label: 'Succeeded' },
  failed: { icon: X, tone: 'bad', label: 'Failed' },
  cancelled: { icon: Ban, tone: 'idle', label: 'Cancelled' },
  skipped: { icon: SkipForward, tone: 'idle', label: 'Skipped' },
};

/** A state as icon, word and colour: never by colour alone. */
export function StateBadge({ state, note }: { state: StepState | RunState; note?: string | undefined }) {
  const { icon: Icon, tone, label } = LOOKS[state];
  return (
    <span className={classes['badge']} data-tone={tone} data-state={state}>
      <Icon size={12} aria-hidden className={state === 'running' ? classes['spin'] : undefined} />
      <span>{label}</span>
      {note ? <span className={classes['note']}>{note}</span> : null}
    </span>
  );
}

import { Tooltip } from '@mantine/core';
import { Ban, Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { saveStateOf } from '../shared/session/save-state.ts';
import type { SaveState } from '../shared/session/save-state.ts';
import { useStore } from '../shared/session/use-store.ts';
import classes from './editor.module.css';

const LOOKS: Record<SaveState, { icon: LucideIcon; label: string; tone?: 'warn' | 'bad'; explanation: string }> = {
  connecting: { icon: LoaderCircle, label: 'Connecting…', explanation: 'Opening the shared document.' },
  saved: { icon: Check, label: 'Saved', explanation: 'Every change is in the server’s journal.' },
  saving: { icon: LoaderCircle, label: 'Saving…', explanation: 'Your last changes are on their way to the server.' },
  offline: {
    icon: CloudOff,
    label: 'Offline',
    tone: 'warn',
    explanation: 'No connection. Keep working: your changes are kept in this browser and sent when the connection is back.',
  },
  'storage-unavailable': {
    icon: TriangleAlert,
    label: 'Not saved: storage unavailable',
    tone: 'bad',
    explanation:
      'The server cannot write to its storage now. Keep this tab open: your changes are kept here and saved by themselves when it works again.',
  },
  'change-refused': {
    icon: TriangleAlert,
    label: 'Not saved: a change was refused',
    tone: 'bad',
    explanation: 'The server does not accept your last change. Undo it, or reload the page to go on without it.',
  },
  'no-access': { icon: Ban, label: 'No access', tone: 'bad', explanation: 'The server does not let you in here any more.' },
};

/** Whether my changes are safe. Reads the server's acknowledgements, never a guess. */
export function SaveIndicator({ live }: { live: LiveDocument }) {
  const { icon: Icon, label, tone, explanation } = LOOKS[saveStateOf(useStore(live.facts))];
  return (
    <Tooltip label={explanation} multiline maw={280}>
      <span className={classes['save']} data-tone={tone} role="status" aria-label={`Save state: ${label}`}>
        <Icon size={14} aria-hidden />
        {label}
      </span>
    </Tooltip>
  );
}

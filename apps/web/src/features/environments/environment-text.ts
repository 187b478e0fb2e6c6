/** What an environment's state is called. Pure. */
import type { ProjectEnvironmentEntry } from '@ensemble/protocol';
import { formatBytes } from '../../shared/ui/times.ts';

export type EnvironmentTone = 'good' | 'busy' | 'bad';

export const toneOf = ({ state }: ProjectEnvironmentEntry): EnvironmentTone =>
  state === 'ready' ? 'good' : state === 'failed' ? 'bad' : 'busy';

/** One line: "Ready · 34 packages · 210 MB of its own", "Installing … 40 %". */
export function environmentText({ state, message, fraction, packages, bytes, temporary }: ProjectEnvironmentEntry): string {
  const percent = fraction === undefined ? '' : ` ${Math.round(fraction * 100)} %`;
  switch (state) {
    case 'ready':
      return [
        'Ready',
        ...(packages === undefined ? [] : [`${packages} packages`]),
        ...(bytes ? [`${formatBytes(bytes)} of its own`] : []),
      ].join(' · ');
    case 'failed':
      return temporary ? 'Not installed yet' : 'Cannot be installed';
    case 'requested':
      return message === '' ? 'About to be installed' : `Not installed yet: ${message}`;
    case 'resolving':
      return `Looking up: ${message}`;
    case 'building':
      return `Installing: ${message}${percent}`;
  }
}

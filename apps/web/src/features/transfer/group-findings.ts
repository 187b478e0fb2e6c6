/** The findings of an import as people read them: by kind, then by what they are about, with how many there are. Pure. */
import type { ImportFinding } from '@ensemble/protocol';

export interface FindingGroup {
  code: string;
  title: string;
  items: ImportFinding[];
}

const TITLES: Record<string, string> = {
  pipeline: 'Pipelines',
  cards: 'Card files',
  data: 'Data files',
  provided: 'Files that Ensemble has its own of',
  junk: 'Files of the system',
  'nodes-laid-out': 'Cards without a position, laid out',
  'ports-not-named': 'Connections without names of ports',
  'ports-bound': 'Connections bound by name or type',
  'card-renamed': 'Card files with another name here',
  'card-type-renamed': 'Card types of nearly the same name',
  'card-type-unknown': 'Cards that are missing',
  'card-with-errors': 'Card files with errors, kept',
  'card-left-out': 'Card files left out',
  'connection-broken': 'Connections that do not fit',
  'config-unknown': 'Settings that their card does not have, kept',
  'config-left-out': 'Settings left out',
  'unknown-field': 'Fields without a meaning here',
  'file-left-out': 'Files left out',
  'file-unreadable': 'Files that cannot be read',
  'file-missing': 'Files that are missing',
  'copy-differs': 'The copy for TensorRag says something else',
  'data-missing': 'Data files that are missing',
  'data-changed': 'Data files that were changed',
  pin: 'Pinned results, which are not exported',
  'node-left-out': 'Nodes left out',
  'edge-left-out': 'Connections left out',
  'annotation-left-out': 'Notes and frames left out',
  'left-out': 'Parts of a pipeline left out',
};

/** Groups in the order in which they come; the largest things first is the server's business. */
export function groupFindings(findings: readonly ImportFinding[], kind: ImportFinding['kind']): FindingGroup[] {
  const groups = Map.groupBy(
    findings.filter((finding) => finding.kind === kind),
    ({ code }) => code,
  );
  return [...groups].map(([code, items]) => ({ code, title: TITLES[code] ?? 'Other', items }));
}

import type { ProjectFileDetail } from '@ensemble/protocol';
import { formatBytes } from '../../shared/ui/times.ts';

/** What people choose a file by: `CSV · 1,000 rows · 12 columns · 3.1 MB`. */
export function fileFacts({ profile, bytes }: Pick<ProjectFileDetail, 'profile' | 'bytes'>): string {
  const facts: string[] = [];
  if (profile && profile.format !== 'other') facts.push(profile.format.toUpperCase());
  if (profile?.table) {
    const { rows, columns } = profile.table;
    facts.push(`${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`);
    facts.push(`${columns.length.toLocaleString('en')} ${columns.length === 1 ? 'column' : 'columns'}`);
  }
  return [...facts, formatBytes(bytes)].join(' · ');
}

/** File names that file dialogs offer first; others can be stored too. */
export const TABLE_FILES = '.csv,.tsv,.json,.jsonl,.ndjson,.parquet,.xlsx';

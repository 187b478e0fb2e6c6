import { UnstyledButton } from '@mantine/core';
import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { Finding } from './finding.ts';
import classes from './finding-list.module.css';

const KINDS = {
  error: { Icon: CircleX, name: 'Error' },
  warning: { Icon: TriangleAlert, name: 'Warning' },
  type: { Icon: Info, name: 'Type' },
};

/** What is wrong in a card file, by line; a click goes there. */
export function FindingList({ findings, onGoTo }: { findings: readonly Finding[] | undefined; onGoTo: (finding: Finding) => void }) {
  if (!findings) return <p className={classes['quiet']}>Reading the card…</p>;
  if (findings.length === 0) {
    return (
      <p className={classes['quiet']}>
        <CircleCheck size={15} aria-hidden className={classes['good']} /> No problems: this is a valid card.
      </p>
    );
  }
  return (
    <ul className={classes['list']} aria-label="Problems of this card">
      {findings.map((finding, at) => {
        const { Icon, name } = KINDS[finding.severity];
        return (
          // Two findings may read the same; the list is rebuilt as a whole.
          <li key={`${finding.code} ${finding.line} ${finding.column} ${at}`}>
            <UnstyledButton className={classes['item']} onClick={() => onGoTo(finding)}>
              <Icon size={14} className={classes['icon']} data-severity={finding.severity} aria-label={name} />
              <span className={classes['message']}>{finding.message}</span>
              <span className={classes['where']}>
                {finding.code.startsWith('card/') ? '' : `${finding.code} · `}line {finding.line}
              </span>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}

/** "2 errors, 1 warning", for headings. */
export function countFindings(findings: readonly Finding[]): string {
  const say = (severity: Finding['severity'], word: string) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`];
  };
  return [...say('error', 'error'), ...say('warning', 'warning'), ...say('type', 'type note')].join(', ') || 'No problems';
}

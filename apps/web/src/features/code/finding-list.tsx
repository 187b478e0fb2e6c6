import { UnstyledButton } from '@mantine/core';
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import type { CheckResult } from './check-protocol.ts';
import type { Finding } from './finding.ts';
import classes from './finding-list.module.css';

/** What is wrong in a card file, by line; a click goes there. */
export function FindingList({ result, onGoTo }: { result: CheckResult | undefined; onGoTo: (finding: Finding) => void }) {
  if (!result) return <p className={classes['quiet']}>Reading the card…</p>;
  if (result.findings.length === 0) {
    return (
      <p className={classes['quiet']}>
        <CircleCheck size={15} aria-hidden className={classes['good']} /> No problems: this is a valid card.
      </p>
    );
  }
  return (
    <ul className={classes['list']} aria-label="Problems of this card">
      {result.findings.map((finding, at) => {
        const Icon = finding.severity === 'error' ? CircleX : TriangleAlert;
        return (
          // Two findings may read the same; the list is rebuilt as a whole.
          <li key={`${finding.code} ${finding.line} ${finding.column} ${at}`}>
            <UnstyledButton className={classes['item']} onClick={() => onGoTo(finding)}>
              <Icon
                size={14}
                className={classes['icon']}
                data-severity={finding.severity}
                aria-label={finding.severity === 'error' ? 'Error' : 'Warning'}
              />
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
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const say = (count: number, word: string) => (count === 0 ? [] : [`${count} ${word}${count === 1 ? '' : 's'}`]);
  return [...say(errors, 'error'), ...say(warnings, 'warning')].join(', ') || 'No problems';
}

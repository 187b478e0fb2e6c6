import { Badge, Collapse, Text, UnstyledButton } from '@mantine/core';
import type { ImportFinding, ProjectImport } from '@ensemble/protocol';
import { Check, ChevronRight, CircleHelp, WandSparkles } from 'lucide-react';
import { useState } from 'react';
import { groupFindings, type FindingGroup } from './group-findings.ts';
import classes from './transfer.module.css';

const KINDS = [
  { kind: 'mapped', title: 'Taken over', empty: 'Nothing.', icon: Check, color: 'green' },
  { kind: 'guessed', title: 'Guessed: have a look', empty: 'Nothing had to be guessed.', icon: WandSparkles, color: 'yellow' },
  { kind: 'not-understood', title: 'Not understood', empty: 'Everything was understood.', icon: CircleHelp, color: 'red' },
] as const satisfies readonly { kind: ImportFinding['kind']; title: string; empty: string; icon: unknown; color: string }[];
/** A group this small is open from the start. */
const OPEN_UP_TO = 3;

/** What an import took over, guessed and did not understand, grouped and counted. */
export function ImportReport({ report }: { report: ProjectImport }) {
  return (
    <div className={classes['report']}>
      {KINDS.map(({ kind, title, empty, icon: Icon, color }) => {
        const groups = groupFindings(report.findings, kind);
        const listed = groups.reduce((sum, { items }) => sum + items.length, 0);
        return (
          <section key={kind} aria-label={title} className={classes['kind']} data-kind={kind}>
            <h3 className={classes['kindTitle']}>
              <Icon size={16} aria-hidden className={classes['kindIcon']} />
              {title}
              <Badge
                size="sm"
                variant="light"
                color={report.counts[kind] === 0 ? 'gray' : color}
                aria-label={`${report.counts[kind]} findings`}
              >
                {report.counts[kind]}
              </Badge>
            </h3>
            {groups.length === 0 ? (
              <Text size="sm" c="var(--e-dim)">
                {empty}
              </Text>
            ) : (
              groups.map((group) => <Group key={group.code} group={group} />)
            )}
            {listed < report.counts[kind] ? (
              <Text size="sm" c="var(--e-dim)">
                And {report.counts[kind] - listed} more, which are not listed.
              </Text>
            ) : null}
          </section>
        );
      })}
    </div>
  );
}

function Group({ group }: { group: FindingGroup }) {
  const [open, setOpen] = useState(group.items.length <= OPEN_UP_TO);
  return (
    <div className={classes['group']}>
      <UnstyledButton className={classes['groupTitle']} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={14} aria-hidden className={classes['chevron']} data-open={open || undefined} />
        {group.title}
        <span className={classes['count']}>{group.items.length}</span>
      </UnstyledButton>
      <Collapse expanded={open}>
        <ul className={classes['findings']}>
          {group.items.map((item, index) => (
            <li key={`${index} ${item.message}`}>{item.message}</li>
          ))}
        </ul>
      </Collapse>
    </div>
  );
}

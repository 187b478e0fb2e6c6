import type { ProjectCardEntry } from '@ensemble/protocol';
import { CircleX } from 'lucide-react';
import { Link } from 'react-router';
import { cardAddress } from '../../shared/ui/card-address.ts';
import classes from './card-list.module.css';

/** The card files of a project, then the built-in cards, by path. */
export function CardList({
  projectId,
  entries,
  current,
}: {
  projectId: string;
  entries: ReadonlyMap<string, ProjectCardEntry>;
  current: string;
}) {
  const sorted = [...entries.values()].sort((a, b) => a.path.localeCompare(b.path));
  const sections = [
    { title: 'This project', files: sorted.filter(({ builtIn }) => !builtIn) },
    { title: 'Built in', files: sorted.filter(({ builtIn }) => builtIn) },
  ];
  return (
    <nav aria-label="Card files" className={classes['list']}>
      {sections.map(({ title, files }) =>
        files.length === 0 ? null : (
          <section key={title}>
            <h2 className={classes['heading']}>{title}</h2>
            {files.map((file) => (
              <Link
                key={file.cardId}
                to={cardAddress(projectId, file.cardId)}
                className={classes['file']}
                aria-current={file.cardId === current ? 'page' : undefined}
                title={file.path}
              >
                <span className={classes['name']}>{file.path.replace(/^cards\//, '')}</span>
                {file.diagnostics.some(({ severity }) => severity === 'error') ? (
                  <CircleX size={13} aria-label="card has errors" className={classes['errors']} />
                ) : null}
              </Link>
            ))}
          </section>
        ),
      )}
    </nav>
  );
}

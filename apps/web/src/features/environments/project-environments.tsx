import { Card, Title } from '@mantine/core';
import type { ProjectCardEntry, ProjectEnvironmentEntry } from '@ensemble/protocol';
import { Package } from 'lucide-react';
import { Link } from 'react-router';
import { useStore } from '../../shared/session/use-store.ts';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import { useYMapEntries } from '../../shared/session/y-map-values.ts';
import { cardAddress } from '../../shared/ui/card-address.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { EnvironmentFacts } from './environment-status.tsx';
import classes from './project-environments.module.css';

/** The Python environments of a project's cards as a section of its page: live, the same for everybody. */
export function ProjectEnvironments({
  projectId,
  index,
  mayEdit,
}: {
  projectId: string;
  index: LiveDocument | undefined;
  mayEdit: boolean;
}) {
  return (
    <section aria-label="Python environments">
      <Title order={2} size="h5" mb="xs">
        Python environments
      </Title>
      {index ? <Environments projectId={projectId} index={index} mayEdit={mayEdit} /> : null}
    </section>
  );
}

const RANKS = { failed: 0, building: 1, resolving: 1, requested: 1, ready: 2 };

function Environments({ projectId, index, mayEdit }: { projectId: string; index: LiveDocument; mayEdit: boolean }) {
  const environments = useYMapEntries<ProjectEnvironmentEntry>(index.doc, 'environments');
  const cards = useYMapEntries<ProjectCardEntry>(index.doc, 'cards');
  const { everSynced } = useStore(index.facts);
  if (!everSynced) return null;
  if (environments.size === 0) {
    return (
      <Card withBorder radius="lg" padding={0}>
        <EmptyState compact icon={Package} title="Every card has pandas, scikit-learn, PyArrow and Matplotlib">
          A card that needs more says so: requirements = [&quot;xgboost&gt;=2&quot;]. What is installed for it is shown here.
        </EmptyState>
      </Card>
    );
  }
  const usersOf = (setId: string) =>
    [...cards.values()].filter(({ environment }) => environment === setId).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return (
    <ul className={classes['list']}>
      {[...environments.values()]
        .toSorted((a, b) => RANKS[a.state] - RANKS[b.state] || a.requirements.join().localeCompare(b.requirements.join()))
        .map((entry) => (
          <li key={entry.setId} className={classes['item']}>
            <EnvironmentFacts
              projectId={projectId}
              entry={entry}
              mayEdit={mayEdit}
              title={usersOf(entry.setId).map(({ cardId, path, manifest }, at) => (
                <span key={cardId}>
                  {at === 0 ? '' : ', '}
                  <Link className={classes['card']} to={cardAddress(projectId, cardId)}>
                    {manifest?.displayName ?? path}
                  </Link>
                </span>
              ))}
            />
          </li>
        ))}
    </ul>
  );
}

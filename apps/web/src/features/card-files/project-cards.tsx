import { Title } from '@mantine/core';
import { useNavigate } from 'react-router';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import classes from './card-files.module.css';
import { CardFiles } from './card-files.tsx';

/** The card files as a section of the project's page. */
export function ProjectCards({ projectId, index, mayEdit }: { projectId: string; index: LiveDocument | undefined; mayEdit: boolean }) {
  const navigate = useNavigate();
  return (
    <section aria-label="Cards">
      <Title order={2} size="h5" mb="xs">
        Cards
      </Title>
      <div className={classes['framed']}>
        {index ? (
          <CardFiles
            projectId={projectId}
            index={index}
            canEdit={mayEdit}
            onOpen={(cardId) => void navigate(`/projects/${projectId}/cards/${encodeURIComponent(cardId)}`)}
          />
        ) : null}
      </div>
    </section>
  );
}

import { Title } from '@mantine/core';
import { documentName } from '@ensemble/protocol';
import { useNavigate } from 'react-router';
import { useLiveDocument } from '../../shared/session/use-live-document.ts';
import classes from './card-files.module.css';
import { CardFiles } from './card-files.tsx';

/** The card files as a section of the project's page. */
export function ProjectCards({ projectId, mayEdit }: { projectId: string; mayEdit: boolean }) {
  const index = useLiveDocument(documentName('project', projectId));
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

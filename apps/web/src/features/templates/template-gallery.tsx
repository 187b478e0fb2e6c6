import { Skeleton, Title } from '@mantine/core';
import type { Template } from '@ensemble/protocol';
import type { ReactNode } from 'react';
import { useTemplates } from '../../shared/api/queries.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { TemplateThumbnail } from './template-thumbnail.tsx';
import classes from './templates.module.css';

/** The templates to start from. `renderAction` gives the button of one of them: where it leads is up to the page. Nothing when there are none. */
export function TemplateGallery({ heading, renderAction }: { heading: string; renderAction: (template: Template) => ReactNode }) {
  const templates = useTemplates();
  if (templates.data?.length === 0) return null;
  return (
    <section aria-label={heading}>
      <Title order={2} size="h5" mb="xs">
        {heading}
      </Title>
      {templates.isError ? <FailureNote error={templates.error} onRetry={() => void templates.refetch()} /> : null}
      {templates.isPending ? <Skeleton height={240} radius={10} role="status" aria-label="Loading the templates" /> : null}
      <ul className={classes['gallery']} aria-label="Templates">
        {templates.data?.map((template) => (
          <li key={template.name} className={classes['template']}>
            <div className={classes['picture']}>
              <TemplateThumbnail drawing={template.thumbnail} />
            </div>
            <div className={classes['text']}>
              <h3 className={classes['title']}>{template.title}</h3>
              <p className={classes['description']}>{template.description}</p>
            </div>
            <div className={classes['actions']}>
              <span>{template.cards === 1 ? '1 card' : `${template.cards} cards`}</span>
              {renderAction(template)}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

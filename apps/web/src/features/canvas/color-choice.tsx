import { UnstyledButton } from '@mantine/core';
import { ANNOTATION_COLORS, setColor } from '@ensemble/pipeline';
import type { AnnotationColor } from '@ensemble/pipeline';
import { Check } from 'lucide-react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { paint } from '../../shared/ui/paint.ts';
import classes from './annotation.module.css';

/** The colours that notes and frames can have. */
export function ColorChoice({ id, color }: { id: string; color: AnnotationColor }) {
  const { doc, origin, watch } = usePipelineSession();
  return (
    <div className={classes['colors']} role="group" aria-label="Colour">
      {ANNOTATION_COLORS.map((name) => (
        <UnstyledButton
          key={name}
          className={classes['color']}
          aria-label={name}
          aria-pressed={name === color}
          onClick={() => {
            setColor(doc, [id], name, origin);
            watch.flush();
          }}
        >
          <span style={{ background: paint(name) }}>{name === color ? <Check size={11} strokeWidth={3} aria-hidden /> : null}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}

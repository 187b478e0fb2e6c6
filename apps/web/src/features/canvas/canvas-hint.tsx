import { MousePointerClick } from 'lucide-react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import classes from './canvas.module.css';

/** What to do with an empty canvas. */
export function CanvasHint() {
  const { canEdit } = usePipelineSession();
  return (
    <div className={classes['hint']}>
      <EmptyState icon={MousePointerClick} title="This pipeline is empty">
        {canEdit
          ? 'Double-click to add a card, drag one from the palette, or drop a data file here. Then draw a line from an output to an input.'
          : 'Nobody has added a card yet. You see it here as soon as somebody does.'}
      </EmptyState>
    </div>
  );
}

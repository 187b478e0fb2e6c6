import { LIMITS, renameNode } from '@ensemble/pipeline';
import { NodeResizer, useStore } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { paint } from '../../shared/ui/paint.ts';
import classes from './annotation.module.css';
import { useFar } from './far-view/far-context.ts';
import { labelHeight } from './far-view/label-size.ts';
import type { FrameFlowNode } from './flow-annotations.ts';
import { PeerMark } from './peer-mark.tsx';

/** A titled area behind the cards; dragged by its title, it takes along what lies in it. */
export const FrameNode = memo(function FrameNode({ id, data, selected }: NodeProps<FrameFlowNode>) {
  const { canEdit } = usePipelineSession();
  const editing = useEditorUi((ui) => ui.editedItem === id);
  const editItem = useEditorUi((ui) => ui.editItem);
  const far = useFar();
  // Its title is painted over it, as large as it can be read.
  const over = useStore(({ transform }) => (far ? labelHeight(transform[2]) : 0));
  return (
    <div
      className={classes['frame']}
      data-far={far || undefined}
      data-selected={selected || undefined}
      style={{ ['--paint' as string]: paint(data.color), ['--over' as string]: `${-over}px` }}
    >
      {far ? null : <PeerMark nodeId={id} />}
      <NodeResizer
        isVisible={selected && canEdit}
        minWidth={160}
        minHeight={100}
        lineClassName={classes['line']}
        handleClassName={classes['corner']}
      />
      <div className={`${classes['handle']} frame-handle`} onDoubleClick={canEdit ? () => editItem(id) : undefined}>
        {editing && canEdit ? (
          <TitleEditor id={id} title={data.title} />
        ) : (
          <span className={classes['title']}>{data.title || 'Frame'}</span>
        )}
      </div>
    </div>
  );
});

function TitleEditor({ id, title }: { id: string; title: string }) {
  const { doc, origin, watch } = usePipelineSession();
  const editItem = useEditorUi((ui) => ui.editItem);
  return (
    <input
      className={`${classes['titleField']} nodrag nopan`}
      aria-label="Title of the frame"
      defaultValue={title}
      maxLength={LIMITS.titleLength}
      ref={(field) => field?.focus({ preventScroll: true })}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => {
        renameNode(doc, id, event.currentTarget.value, origin);
        watch.flush();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== 'Escape' && event.key !== 'Enter') return;
        event.preventDefault();
        const node = event.currentTarget.closest<HTMLElement>('.react-flow__node');
        editItem(undefined);
        node?.focus({ preventScroll: true });
      }}
      onBlur={() => editItem(undefined)}
    />
  );
}

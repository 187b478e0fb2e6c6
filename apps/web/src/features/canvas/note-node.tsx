import { NodeResizer } from '@xyflow/react';
import type { NodeProps } from '@xyflow/react';
import { lazy, memo, Suspense } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { paint } from '../../shared/ui/paint.ts';
import classes from './annotation.module.css';
import { useFar } from './far-view/far-context.ts';
import type { NoteFlowNode } from './flow-annotations.ts';
import { NoteEditor } from './note-editor.tsx';
import { PeerMark } from './peer-mark.tsx';

const MarkdownText = lazy(() => import('../../shared/ui/markdown-text.tsx'));

/** A sticky note: markdown, edited in place. */
export const NoteNode = memo(function NoteNode({ id, data, selected }: NodeProps<NoteFlowNode>) {
  const { canEdit } = usePipelineSession();
  const editing = useEditorUi((ui) => ui.editedItem === id);
  const editItem = useEditorUi((ui) => ui.editItem);
  const far = useFar();
  return (
    <div
      className={classes['note']}
      data-far={far || undefined}
      data-selected={selected || undefined}
      style={{ ['--paint' as string]: paint(data.color) }}
      onDoubleClick={canEdit ? () => editItem(id) : undefined}
    >
      {far ? null : <PeerMark nodeId={id} />}
      <NodeResizer isVisible={selected && canEdit} minWidth={120} minHeight={60} lineClassName={classes['line']} />
      {editing && canEdit ? (
        <NoteEditor id={id} text={data.text} />
      ) : far ? null : (
        <div className={`${classes['text']} ${selected ? 'nowheel' : ''}`}>
          {data.text === '' ? (
            <p className={classes['empty']}>{canEdit ? 'Double-click to write' : 'Empty note'}</p>
          ) : (
            <Suspense fallback={<p className={classes['plain']}>{data.text}</p>}>
              <MarkdownText text={data.text} />
            </Suspense>
          )}
        </div>
      )}
    </div>
  );
});

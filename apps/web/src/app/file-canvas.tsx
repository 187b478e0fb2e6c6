import { notifications } from '@mantine/notifications';
import { addNode } from '@ensemble/pipeline';
import type { Point } from '@ensemble/pipeline';
import { Canvas } from '../features/canvas/canvas.tsx';
import { newNodeId } from '../features/canvas/new-node-id.ts';
import { freePlace } from '../features/canvas/place-card.ts';
import { UploadList } from '../features/data/upload-list.tsx';
import { useUpload } from '../features/data/use-upload.ts';
import { PortPeek } from '../features/results/port-peek.tsx';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import { usePipelineSession } from '../shared/session/pipeline-session.ts';
import classes from './editor.module.css';

const LOAD_FILE = 'std/load_file';
const NEXT_BELOW = 150;

/** The canvas, on which a dropped file becomes a file of the project and a card that loads it. */
export function FileCanvas() {
  const { doc, origin, watch, projectId } = usePipelineSession();
  const upload = useUpload(projectId);
  const focusNode = useEditorUi((ui) => ui.focusNode);
  const load = async (file: File, wanted: Point) => {
    const stored = await upload(file);
    if (!stored) return;
    if (stored.profile?.table === null) {
      notifications.show({
        title: `${stored.name} is a file of the project now`,
        message: stored.profile.note ?? 'It holds no table to load.',
      });
      return;
    }
    const id = newNodeId();
    const taken = watch.view.get().graph.nodes.map((node) => node.position);
    const config = { file: { $file: stored.sha256, name: stored.name } };
    const added = addNode(doc, { id, card: LOAD_FILE, position: freePlace(wanted, taken), title: stored.name, config }, origin);
    watch.flush();
    if (added.ok) focusNode(id, 'config');
    else notifications.show({ color: 'red', message: added.message });
  };
  return (
    <>
      <Canvas
        onFiles={(files, { x, y }) => files.forEach((file, index) => void load(file, { x, y: y + index * NEXT_BELOW }))}
        PortPeek={PortPeek}
      />
      <div className={classes['uploads']}>
        <UploadList projectId={projectId} />
      </div>
    </>
  );
}

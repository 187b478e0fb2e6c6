import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { NodeToolbar, Position } from '@xyflow/react';
import { Cable, CirclePlay, Copy, CopyPlus, Frame, PanelRight, Pencil, Pin, Redo, ScanEye, Trash2 } from 'lucide-react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { canRunCommand, runCommand } from '../commands/command-registry.ts';
import { ColorChoice } from './color-choice.tsx';
import classes from './canvas.module.css';

export interface NodeMenuPlace {
  nodeId: string;
  /** Screen coordinates. */
  x: number;
  y: number;
}

/** The parts of the pipeline that this card stands for. */
function RunItems() {
  const off = !canRunCommand('run.to');
  const icon = <CirclePlay size={14} aria-hidden />;
  return (
    <>
      <Menu.Divider />
      <Menu.Item leftSection={icon} disabled={off} onClick={() => runCommand('run.to')}>
        Run up to here
      </Menu.Item>
      <Menu.Item leftSection={icon} disabled={off} onClick={() => runCommand('run.from')}>
        Run from here on
      </Menu.Item>
      <Menu.Item leftSection={icon} disabled={off} onClick={() => runCommand('run.only')}>
        Run only this, on what there is
      </Menu.Item>
      <Menu.Divider />
    </>
  );
}

/** What can be done with a node: a toolbar over the selected one, and the same as a context menu. */
export function NodeMenu({
  place,
  onClose,
  onConnect,
  onDelete,
}: {
  place: NodeMenuPlace | undefined;
  onClose: () => void;
  onConnect: (nodeId: string) => void;
  onDelete: (nodeId: string) => void;
}) {
  const { canEdit } = usePipelineSession();
  const selected = useEditorUi((ui) => ui.selectedNodes);
  const showPanel = useEditorUi((ui) => ui.showPanel);
  const { graph } = useGraphView();
  const editItem = useEditorUi((ui) => ui.editItem);
  const annotations = [...graph.notes, ...graph.frames];
  const only = selected.length === 1 ? selected[0] : undefined;
  const chosen = annotations.find(({ id }) => id === only);
  const inMenu = annotations.some(({ id }) => id === place?.nodeId);
  return (
    <>
      {only !== undefined && canEdit ? (
        <NodeToolbar nodeId={only} isVisible position={Position.Top} align="end" offset={8}>
          <div className={classes['toolbar']} role="toolbar" aria-label="Node actions">
            {chosen ? (
              <>
                <ColorChoice id={chosen.id} color={chosen.color} />
                <Tooltip label={'text' in chosen ? 'Edit the note (Enter)' : 'Edit the title (Enter)'}>
                  <ActionIcon aria-label={'text' in chosen ? 'Edit note' : 'Edit title'} onClick={() => editItem(chosen.id)}>
                    <Pencil size={16} aria-hidden />
                  </ActionIcon>
                </Tooltip>
              </>
            ) : (
              <Tooltip label="Connect…">
                <ActionIcon aria-label="Connect…" onClick={() => onConnect(only)}>
                  <Cable size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label="Duplicate (Ctrl+D)">
              <ActionIcon aria-label="Duplicate node" onClick={() => runCommand('edit.duplicate')}>
                <CopyPlus size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            {chosen ? null : (
              <Tooltip label="Pin the result, or not any more: runs take it and do not execute the card (P)">
                <ActionIcon aria-label="Pin result" onClick={() => runCommand('node.pin')}>
                  <Pin size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )}
            {chosen ? null : (
              <Tooltip label="Bypass: pass the input on and do not run (B)">
                <ActionIcon aria-label="Bypass node" onClick={() => runCommand('node.bypass')}>
                  <Redo size={16} aria-hidden />
                </ActionIcon>
              </Tooltip>
            )}
            <Tooltip label="Delete (Del)">
              <ActionIcon aria-label="Delete node" onClick={() => onDelete(only)}>
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </div>
        </NodeToolbar>
      ) : null}
      {/* A target without a size counts as out of sight, and its menu would be hidden with it. */}
      <Menu opened={place !== undefined} onClose={onClose} position="bottom-start" returnFocus hideDetached={false}>
        <Menu.Target>
          <span style={{ position: 'fixed', left: place?.x ?? 0, top: place?.y ?? 0, width: 0, height: 0 }} aria-hidden />
        </Menu.Target>
        {place ? (
          <Menu.Dropdown>
            <Menu.Item leftSection={<PanelRight size={14} aria-hidden />} onClick={() => showPanel('node')}>
              Show details
            </Menu.Item>
            {inMenu ? (
              <Menu.Item leftSection={<Pencil size={14} aria-hidden />} disabled={!canEdit} onClick={() => editItem(place.nodeId)}>
                Edit
              </Menu.Item>
            ) : (
              <>
                <Menu.Item leftSection={<ScanEye size={14} aria-hidden />} onClick={() => runCommand('node.peek')}>
                  Look into its ports
                </Menu.Item>
                <Menu.Item leftSection={<Cable size={14} aria-hidden />} disabled={!canEdit} onClick={() => onConnect(place.nodeId)}>
                  Connect…
                </Menu.Item>
              </>
            )}
            {inMenu ? null : <RunItems />}
            <Menu.Item leftSection={<Copy size={14} aria-hidden />} onClick={() => runCommand('edit.copy')}>
              Copy
            </Menu.Item>
            <Menu.Item leftSection={<CopyPlus size={14} aria-hidden />} disabled={!canEdit} onClick={() => runCommand('edit.duplicate')}>
              Duplicate
            </Menu.Item>
            {inMenu ? null : (
              <Menu.Item leftSection={<Pin size={14} aria-hidden />} disabled={!canEdit} onClick={() => runCommand('node.pin')}>
                Pin the result, or not any more
              </Menu.Item>
            )}
            {inMenu ? null : (
              <Menu.Item leftSection={<Redo size={14} aria-hidden />} disabled={!canEdit} onClick={() => runCommand('node.bypass')}>
                Bypass, or not any more
              </Menu.Item>
            )}
            {inMenu ? null : (
              <Menu.Item leftSection={<Frame size={14} aria-hidden />} disabled={!canEdit} onClick={() => runCommand('add.frame')}>
                Put a frame around it
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item
              color="red"
              leftSection={<Trash2 size={14} aria-hidden />}
              disabled={!canEdit}
              onClick={() => onDelete(place.nodeId)}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        ) : null}
      </Menu>
    </>
  );
}

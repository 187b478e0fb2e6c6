import { Menu } from '@mantine/core';
import { ClipboardPaste, Frame, Plus, StickyNote, WandSparkles } from 'lucide-react';
import type { Point } from '@ensemble/pipeline';
import { runCommand } from '../commands/command-registry.ts';

/** What can be done at a place of the empty canvas. */
export function PaneMenu({
  at,
  onClose,
  onAddCard,
  onAddNote,
  onAddFrame,
}: {
  /** Screen coordinates. */
  at: Point | undefined;
  onClose: () => void;
  onAddCard: (at: Point) => void;
  onAddNote: (at: Point) => void;
  onAddFrame: (at: Point) => void;
}) {
  return (
    <Menu opened={at !== undefined} onClose={onClose} position="bottom-start" returnFocus hideDetached={false}>
      <Menu.Target>
        <span style={{ position: 'fixed', left: at?.x ?? 0, top: at?.y ?? 0, width: 0, height: 0 }} aria-hidden />
      </Menu.Target>
      {at ? (
        <Menu.Dropdown>
          <Menu.Item leftSection={<Plus size={14} aria-hidden />} onClick={() => onAddCard(at)}>
            Add a card…
          </Menu.Item>
          <Menu.Item leftSection={<StickyNote size={14} aria-hidden />} onClick={() => onAddNote(at)}>
            Add a note
          </Menu.Item>
          <Menu.Item leftSection={<Frame size={14} aria-hidden />} onClick={() => onAddFrame(at)}>
            Add a frame
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<ClipboardPaste size={14} aria-hidden />} onClick={() => runCommand('edit.paste')}>
            Paste
          </Menu.Item>
          <Menu.Item leftSection={<WandSparkles size={14} aria-hidden />} onClick={() => runCommand('canvas.tidy')}>
            Tidy the canvas
          </Menu.Item>
        </Menu.Dropdown>
      ) : null}
    </Menu>
  );
}

import { Menu } from '@mantine/core';
import { Copy, CopyPlus, FilePlus2, FolderOpen, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import type { TreeRow } from './card-tree.ts';

export interface RowMenuPlace {
  row: TreeRow;
  /** Screen coordinates. */
  x: number;
  y: number;
}

export interface RowCommands {
  open(row: TreeRow): void;
  rename(row: TreeRow): void;
  duplicate(row: TreeRow): void;
  trash(row: TreeRow): void;
  restore(row: TreeRow): void;
  newCardIn(row: TreeRow): void;
}

/** What can be done with a row, as a context menu. */
export function RowMenu({
  place,
  canEdit,
  commands,
  onClose,
}: {
  place: RowMenuPlace | undefined;
  canEdit: boolean;
  commands: RowCommands;
  onClose: () => void;
}) {
  const row = place?.row;
  const isOwn = row?.kind === 'file' || row?.kind === 'folder';
  return (
    <Menu opened={row !== undefined && row.kind !== 'section'} onClose={onClose} position="bottom-start" returnFocus hideDetached={false}>
      <Menu.Target>
        <span style={{ position: 'fixed', left: place?.x ?? 0, top: place?.y ?? 0, width: 0, height: 0 }} aria-hidden />
      </Menu.Target>
      {row ? (
        <Menu.Dropdown>
          {row.kind === 'file' || row.kind === 'built-in' ? (
            <Menu.Item leftSection={<FolderOpen size={14} aria-hidden />} onClick={() => commands.open(row)}>
              Open
            </Menu.Item>
          ) : null}
          {isOwn ? (
            <Menu.Item leftSection={<FilePlus2 size={14} aria-hidden />} disabled={!canEdit} onClick={() => commands.newCardIn(row)}>
              New card here…
            </Menu.Item>
          ) : null}
          {isOwn ? (
            <Menu.Item
              leftSection={<Pencil size={14} aria-hidden />}
              rightSection={<kbd>F2</kbd>}
              disabled={!canEdit}
              onClick={() => commands.rename(row)}
            >
              {row.kind === 'folder' ? 'Rename the folder' : 'Rename or move'}
            </Menu.Item>
          ) : null}
          {row.kind === 'file' ? (
            <Menu.Item leftSection={<CopyPlus size={14} aria-hidden />} disabled={!canEdit} onClick={() => commands.duplicate(row)}>
              Duplicate
            </Menu.Item>
          ) : null}
          {row.kind === 'built-in' ? (
            <Menu.Item leftSection={<Copy size={14} aria-hidden />} disabled={!canEdit} onClick={() => commands.duplicate(row)}>
              Copy into this project
            </Menu.Item>
          ) : null}
          {row.kind === 'trashed' ? (
            <Menu.Item leftSection={<RotateCcw size={14} aria-hidden />} disabled={!canEdit} onClick={() => commands.restore(row)}>
              Restore
            </Menu.Item>
          ) : null}
          {isOwn ? (
            <>
              <Menu.Divider />
              <Menu.Item
                color="red"
                leftSection={<Trash2 size={14} aria-hidden />}
                rightSection={<kbd>Del</kbd>}
                disabled={!canEdit}
                onClick={() => commands.trash(row)}
              >
                {row.kind === 'folder' ? 'Move all in it to the trash' : 'Move to the trash'}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      ) : null}
    </Menu>
  );
}

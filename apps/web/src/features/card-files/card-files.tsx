import { ActionIcon, Skeleton, TextInput, Tooltip } from '@mantine/core';
import type { ProjectCardEntry, ProjectTrashEntry } from '@ensemble/protocol';
import { Copy, FileCode2, RotateCcw, Search, SearchX } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { DragEvent, KeyboardEvent, MouseEvent } from 'react';
import type { LiveDocument } from '../../shared/session/live-document.ts';
import { useStore } from '../../shared/session/use-store.ts';
import { useYMapEntries } from '../../shared/session/y-map-values.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import classes from './card-files.module.css';
import { CardRow } from './card-row.tsx';
import { folderOf, stepInTree, treeRows } from './card-tree.ts';
import type { TreeRow } from './card-tree.ts';
import { NewCardDialog } from './new-card-dialog.tsx';
import type { NewCard } from './new-card-dialog.tsx';
import { NewCardMenu } from './new-card-menu.tsx';
import { RenameInput } from './rename-input.tsx';
import { RowMenu } from './row-menu.tsx';
import type { RowCommands, RowMenuPlace } from './row-menu.tsx';
import { useCardActions } from './use-card-actions.ts';

interface CardFilesProps {
  projectId: string;
  /** The project's index. */
  index: LiveDocument;
  /** The file that is open beside the tree. */
  activeCardId?: string;
  onOpen: (cardId: string) => void;
  canEdit: boolean;
}

const DRAG_TYPE = 'application/x-ensemble-card-file';

/** The card files of a project as a tree that everybody sees change at once. */
export function CardFiles({ projectId, index, activeCardId, onOpen, canEdit }: CardFilesProps) {
  const entries = useYMapEntries<ProjectCardEntry>(index.doc, 'cards');
  const trash = useYMapEntries<ProjectTrashEntry>(index.doc, 'trash');
  const { everSynced } = useStore(index.facts);
  const actions = useCardActions(projectId);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [query, setQuery] = useState('');
  const [at, setAt] = useState<string>();
  const [renaming, setRenaming] = useState<string>();
  const [menu, setMenu] = useState<RowMenuPlace>();
  const [wanted, setWanted] = useState<NewCard>();
  const [dropOn, setDropOn] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);

  const rows = useMemo(
    () => treeRows({ entries: entries.values(), trash: trash.values(), closed, opened, query }),
    [entries, trash, closed, opened, query],
  );
  const activeKey = activeCardId === undefined ? undefined : `file ${activeCardId}`;
  const current = rows.find(({ key }) => key === at) ?? rows.find(({ key }) => key === activeKey) ?? rows[0];
  const ownCount = [...entries.values()].filter(({ builtIn }) => !builtIn).length;

  const focusRow = (key: string) => {
    setAt(key);
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
  };
  const toggle = (row: TreeRow) => {
    const flip = (set: ReadonlySet<string>) => {
      const next = new Set(set);
      if (!next.delete(row.key)) next.add(row.key);
      return next;
    };
    if (row.kind === 'section') setOpened(flip);
    else setClosed(flip);
  };
  const inFolder = (path: string) => [...entries.values()].filter((entry) => !entry.builtIn && entry.path.startsWith(`${path}/`));
  const commands: RowCommands = {
    open: (row) => row.cardId !== undefined && onOpen(row.cardId),
    rename: (row) => setRenaming(row.key),
    duplicate: (row) =>
      void (row.cardId === undefined ? undefined : actions.copy(row.cardId).then((made) => made !== undefined && onOpen(made))),
    trash(row) {
      const ids = row.kind === 'folder' ? inFolder(row.path).map(({ cardId }) => cardId) : [row.cardId!];
      void actions.trash(ids, row.kind === 'folder' ? `The folder ${row.name}` : row.name);
    },
    restore: (row) => void actions.restore([row.cardId!]),
    newCardIn: (row) => setWanted({ template: 'transform', folder: folderOf(row) }),
  };
  const go = (row: TreeRow) => {
    setAt(row.key);
    if (row.expanded !== undefined) toggle(row);
    else if (row.kind !== 'trashed') commands.open(row);
  };
  const rename = (row: TreeRow, name: string) => {
    const parent = row.path.slice(0, row.path.lastIndexOf('/'));
    if (row.kind === 'folder') return actions.moveFolder(row.path, `${parent}/${name}`);
    return actions.move(row.cardId!, `${parent}/${name.replace(/\.py$/, '')}.py`);
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !current) return;
    const isOwn = current.kind === 'file' || current.kind === 'folder';
    const step = event.shiftKey ? undefined : stepInTree(rows, rows.indexOf(current), event.key);
    if (step) {
      if ('toggle' in step) toggle(current);
      else focusRow(rows[step.to]!.key);
    } else if (event.key === 'Enter' || event.key === ' ') go(current);
    else if (event.key === 'F2' && isOwn && canEdit) commands.rename(current);
    else if (event.key === 'Delete' && isOwn && canEdit) commands.trash(current);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      const box = (event.target as HTMLElement).getBoundingClientRect();
      setMenu({ row: current, x: box.left + 24, y: box.bottom });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const drop = (event: DragEvent, folder: string) => {
    const dragged = rows.find(({ key }) => key === event.dataTransfer.getData(DRAG_TYPE));
    setDropOn(undefined);
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    const path = `${folder}/${dragged.name}`;
    if (path === dragged.path) return;
    const moved = dragged.kind === 'folder' ? actions.moveFolder(dragged.path, path) : actions.move(dragged.cardId!, path);
    void actions.orSay(`${dragged.name} was not moved`, moved);
  };
  const allowDrop = (event: DragEvent, folder: string) => {
    if (!canEdit || !event.dataTransfer.types.includes(DRAG_TYPE)) return;
    event.preventDefault();
    event.stopPropagation();
    setDropOn(folder);
  };

  return (
    <section className={classes['files']} aria-label="Card files">
      <div className={classes['head']}>
        <TextInput
          type="search"
          size="xs"
          aria-label="Search card files"
          placeholder="Search cards"
          leftSection={<Search size={13} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          className={classes['search']}
        />
        {canEdit ? <NewCardMenu compact onChoose={(template) => setWanted({ template, folder: folderOf(current) })} /> : null}
      </div>
      {!everSynced && entries.size === 0 ? (
        <div role="status" aria-label="Loading the card files" className={classes['skeletons']}>
          <Skeleton height={22} radius={6} />
          <Skeleton height={22} radius={6} />
          <Skeleton height={22} radius={6} />
        </div>
      ) : null}
      {everSynced && query === '' && ownCount === 0 ? (
        <EmptyState compact icon={FileCode2} title="No card of your own yet">
          {canEdit
            ? 'Start one from a template with “New card”, or copy a built-in one from below.'
            : 'An editor of this project can write cards here.'}
        </EmptyState>
      ) : null}
      {query !== '' && rows.length === 0 ? (
        <EmptyState compact icon={SearchX} title="No card matches">
          Try another word, or clear the search.
        </EmptyState>
      ) : null}
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- one of its rows has the focus */}
      <div
        ref={tree}
        role="tree"
        aria-label="Card files"
        className={classes['tree']}
        data-drop={dropOn === 'cards' || undefined}
        onKeyDown={onKey}
        onDragOver={(event) => allowDrop(event, 'cards')}
        onDragLeave={() => setDropOn(undefined)}
        onDrop={(event) => drop(event, 'cards')}
      >
        {rows.map((row) => (
          <CardRow
            key={row.key}
            row={row}
            current={row === current}
            active={row.key === activeKey}
            draggable={canEdit && (row.kind === 'file' || row.kind === 'folder')}
            dropTarget={row.kind === 'folder' && dropOn === row.path}
            input={
              renaming === row.key ? (
                <RenameInput
                  label={row.kind === 'folder' ? 'New name of the folder' : 'New name of the card file'}
                  initial={row.name.replace(/\.py$/, '')}
                  onSubmit={(name) => rename(row, name)}
                  onDone={() => {
                    setRenaming(undefined);
                    focusRow(row.key);
                  }}
                />
              ) : null
            }
            action={<RowAction row={row} canEdit={canEdit} commands={commands} />}
            onGo={() => go(row)}
            onMenu={(event: MouseEvent) => {
              event.preventDefault();
              setAt(row.key);
              setMenu({ row, x: event.clientX, y: event.clientY });
            }}
            onDragStart={(event) => {
              event.dataTransfer.setData(DRAG_TYPE, row.key);
              event.dataTransfer.effectAllowed = 'move';
            }}
            onDragOver={(event) => allowDrop(event, row.kind === 'section' ? 'cards' : folderOf(row))}
            onDrop={(event) => drop(event, row.kind === 'section' ? 'cards' : folderOf(row))}
          />
        ))}
      </div>
      <RowMenu place={menu} canEdit={canEdit} commands={commands} onClose={() => setMenu(undefined)} />
      <NewCardDialog
        projectId={projectId}
        wanted={wanted}
        onClose={() => setWanted(undefined)}
        onCreated={(cardId) => {
          setWanted(undefined);
          onOpen(cardId);
        }}
      />
    </section>
  );
}

/** The one thing people want of a built-in card or of one in the trash, without a menu. */
function RowAction({ row, canEdit, commands }: { row: TreeRow; canEdit: boolean; commands: RowCommands }) {
  if (!canEdit || (row.kind !== 'built-in' && row.kind !== 'trashed')) return null;
  const isTrash = row.kind === 'trashed';
  const label = isTrash ? `Restore ${row.name}` : `Copy ${row.name} into this project`;
  const Icon = isTrash ? RotateCcw : Copy;
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        size="xs"
        aria-label={label}
        className={classes['action']}
        data-always={isTrash || undefined}
        onClick={(event) => {
          event.stopPropagation();
          if (isTrash) commands.restore(row);
          else commands.duplicate(row);
        }}
      >
        <Icon size={13} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

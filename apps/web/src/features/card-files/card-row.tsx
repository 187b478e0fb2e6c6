import { ChevronRight, CircleX, FileCode2, Folder, FolderOpen, Lock, Trash2, TriangleAlert } from 'lucide-react';
import type { DragEvent, MouseEvent, ReactNode } from 'react';
import classes from './card-files.module.css';
import { TRASH } from './card-tree.ts';
import type { TreeRow } from './card-tree.ts';

interface CardRowProps {
  row: TreeRow;
  /** It has the tab stop of the tree. */
  current: boolean;
  /** Its file is open. */
  active: boolean;
  draggable: boolean;
  dropTarget: boolean;
  /** Stands in for the name while it is edited. */
  input: ReactNode;
  /** Shown at the end of the row: a button of the trash, or of a built-in card. */
  action: ReactNode;
  onGo: () => void;
  onMenu: (event: MouseEvent) => void;
  onDragStart: (event: DragEvent) => void;
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
}

const ICONS = {
  folder: Folder,
  'open folder': FolderOpen,
  file: FileCode2,
  'built-in': FileCode2,
  trashed: FileCode2,
  section: Lock,
  trash: Trash2,
};

const iconName = ({ kind, key, expanded }: TreeRow): keyof typeof ICONS =>
  key === TRASH ? 'trash' : kind === 'folder' && expanded ? 'open folder' : kind;

const count = (number: number, what: string): string => (number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`);

/** One line of the tree. */
export function CardRow({ row, current, active, draggable, dropTarget, input, action, ...on }: CardRowProps) {
  const { kind, level, name, expanded, errors, warnings, position, siblings } = row;
  const Icon = ICONS[iconName(row)];
  const label = [kind === 'folder' ? `Folder ${name}` : name, count(errors, 'error'), count(warnings, 'warning')]
    .filter(Boolean)
    .join(', ');
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree answers its keys
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={active}
      aria-expanded={expanded}
      aria-label={label}
      tabIndex={current ? 0 : -1}
      data-key={row.key}
      data-kind={kind}
      data-drop={dropTarget || undefined}
      className={classes['row']}
      style={{ paddingLeft: 8 + (level - 1) * 14 }}
      draggable={draggable && input === null}
      onClick={on.onGo}
      onContextMenu={on.onMenu}
      onDragStart={on.onDragStart}
      onDragOver={on.onDragOver}
      onDrop={on.onDrop}
    >
      <ChevronRight
        size={13}
        aria-hidden
        className={classes['chevron']}
        data-open={expanded}
        data-none={expanded === undefined || undefined}
      />
      <Icon size={15} aria-hidden className={classes['icon']} />
      {input ?? (
        <span className={classes['name']} title={row.path === '' ? undefined : row.path}>
          {name}
        </span>
      )}
      {errors > 0 ? (
        <span className={classes['errors']} title={count(errors, 'error')} data-count={errors} aria-hidden>
          <CircleX size={12} />
        </span>
      ) : null}
      {warnings > 0 ? (
        <span className={classes['warnings']} title={count(warnings, 'warning')} data-count={warnings} aria-hidden>
          <TriangleAlert size={12} />
        </span>
      ) : null}
      {action}
    </div>
  );
}

import type { ProjectedNode, Size } from '@ensemble/pipeline';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Frame, ListTree, Pin, StickyNote, TriangleAlert } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView } from '../../shared/session/pipeline-session.ts';
import { useStepOf } from '../../shared/session/run-view.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { connectionsText, outlineOf } from './outline-of.ts';
import type { OutlineItem } from './outline-of.ts';
import classes from './outline.module.css';

const ROW = 56;

interface OutlineProps {
  sizeOf: (node: ProjectedNode) => Size;
  nameOfNote: (text: string) => string;
}

/** The pipeline without the canvas: what there is, in the order in which it runs, for keyboards and screen readers. */
export function Outline({ sizeOf, nameOfNote }: OutlineProps) {
  const { graph } = useGraphView();
  const items = useMemo(() => outlineOf(graph, sizeOf, nameOfNote), [graph, sizeOf, nameOfNote]);
  const selected = useEditorUi((ui) => ui.selectedNodes);
  const focusNode = useEditorUi((ui) => ui.focusNode);
  const [at, setAt] = useState<string>();
  const frame = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the virtualiser's functions are called in this component only
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => frame.current, estimateSize: () => ROW, overscan: 12 });
  const current = items.some(({ id }) => id === at) ? at : (items.find(({ id }) => selected.includes(id)) ?? items[0])?.id;

  const wanted = useRef(false);
  const moveTo = (index: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (!item) return;
    wanted.current = true;
    setAt(item.id);
    rows.scrollToIndex(items.indexOf(item));
  };
  // The row may be drawn only after it was scrolled to.
  useEffect(() => {
    if (!wanted.current) return;
    const row = frame.current?.querySelector<HTMLElement>('[tabindex="0"]');
    if (!row) return;
    wanted.current = false;
    row.focus({ preventScroll: true });
  });
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = items.findIndex(({ id }) => id === current);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1, PageDown: index + 10, PageUp: index - 10 }[
      event.key
    ];
    if (to !== undefined) moveTo(to);
    else if ((event.key === 'Enter' || event.key === ' ') && current !== undefined) focusNode(current, undefined, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (items.length === 0) {
    return (
      <EmptyState compact icon={ListTree} title="This pipeline is empty">
        What is on the canvas is listed here, in the order in which it runs.
      </EmptyState>
    );
  }
  return (
    <div ref={frame} className={classes['frame']}>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- one of its rows has the focus */}
      <div
        role="tree"
        aria-label="Outline of the pipeline"
        className={classes['tree']}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKey}
      >
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index]!;
          return (
            <Row
              key={item.id}
              item={item}
              index={row.index}
              count={items.length}
              top={row.start}
              current={item.id === current}
              selected={selected.includes(item.id)}
              onGo={() => {
                setAt(item.id);
                focusNode(item.id);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  item: OutlineItem;
  index: number;
  count: number;
  top: number;
  current: boolean;
  selected: boolean;
  onGo: () => void;
}

function Row({ item, index, count, top, current, selected, onGo }: RowProps) {
  const step = useStepOf(item.id);
  const connections = connectionsText(item);
  const [problem] = item.problems;
  // What is to be seen comes first, in one piece: people who speak to their computer say what they see.
  const name = [
    item.kind === 'group' ? `Frame ${item.label}` : item.kind === 'note' ? `Note: ${item.label}` : item.label,
    connections,
    item.bypassed ? 'bypassed' : '',
    item.card,
    item.bypassed ? '' : (step?.state ?? ''),
    item.pinned ? 'result pinned' : '',
    problem === undefined ? '' : `${item.problems.length} ${item.problems.length === 1 ? 'problem' : 'problems'}: ${problem}`,
  ];
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree answers its keys
    <div
      role="treeitem"
      aria-level={item.level}
      aria-setsize={count}
      aria-posinset={index + 1}
      aria-selected={selected}
      aria-label={name.filter(Boolean).join(', ')}
      tabIndex={current ? 0 : -1}
      className={classes['row']}
      data-kind={item.kind}
      data-level={item.level}
      style={{ height: ROW, transform: `translateY(${top}px)` }}
      onClick={onGo}
    >
      <span className={classes['icon']}>
        {item.kind === 'card' ? <CategoryIcon category={item.category} /> : null}
        {item.kind === 'note' ? <StickyNote size={15} aria-hidden /> : null}
        {item.kind === 'group' ? <Frame size={15} aria-hidden /> : null}
      </span>
      <span className={classes['words']}>
        <span className={classes['label']}>{item.label}</span>
        {connections === '' ? null : <span className={classes['connections']}>{connections}</span>}
      </span>
      {problem === undefined ? null : <TriangleAlert size={14} className={classes['problem']} aria-hidden />}
      {item.pinned ? <Pin size={13} className={classes['pinned']} aria-hidden /> : null}
      {item.bypassed ? <span className={classes['bypassed']}>bypassed</span> : null}
      {step && !item.bypassed ? (
        <span className={classes['state']}>
          <StateBadge state={step.state} />
        </span>
      ) : null}
    </div>
  );
}

import { Button } from '@mantine/core';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { levelOf, type Level } from './line-level.ts';
import { plainLine } from './line-text.ts';
import type { Gap } from './log-book.ts';
import { GapRow, LogLine } from './log-row.tsx';
import type { LogSheet, SheetRow } from './log-sheet.ts';
import classes from './logs.module.css';

const ROW = 18;
/** Browsers draw nothing higher than some 16 million pixels; a longer log is scrolled in larger steps. */
const MAX_HEIGHT = 12_000_000;
const BESIDE = 12;
/** A wheel or a key moves the rows for so long. */
const GESTURE_MS = 1_000;
/** How far up a level is looked for that an indented line belongs to. */
const LOOK_BACK = 40;

export interface LogPlace {
  section: number;
  position: number;
}

interface LogListProps {
  sheet: LogSheet;
  label: string;
  wrap: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  current: LogPlace | undefined;
  /** Asks to bring the current line into view; each new number asks once. */
  jump: number;
  isFound: (place: LogPlace) => boolean;
  loading: (section: number) => boolean;
  onChoose: (place: LogPlace) => void;
  onGap: (section: number, gap: Gap, backwards: boolean) => void;
  /** The line at this place is wanted and not there. */
  onNeed: (place: LogPlace) => void;
  onFind: () => void;
}

/** The rows that are in sight, of however many there are. */
export function LogList(props: LogListProps) {
  const { sheet, label, wrap, follow, onFollow, current, jump, isFound, loading, onChoose, onGap, onNeed, onFind } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const lastTop = useRef(0);
  const seen = useRef(0);
  const gesture = useRef(-Infinity);
  const onGesture = (): void => void (gesture.current = performance.now());
  const { rows } = sheet;
  const full = rows * ROW;
  const height = Math.min(full, MAX_HEIGHT);
  const travel = Math.max(1, height - view.height);
  const top = full > MAX_HEIGHT ? (Math.min(view.top, travel) / travel) * (full - view.height) : view.top;
  const atEnd = follow || view.top + view.height >= height - 2;
  const inSight = Math.ceil(view.height / ROW) + 1;
  const first = wrap && atEnd ? Math.max(0, rows - inSight) : Math.max(0, Math.min(Math.floor(top / ROW), rows - 1) - (wrap ? 0 : BESIDE));
  const last = Math.min(rows, first + inSight + 2 * BESIDE);

  const read = useCallback(() => {
    const element = box.current;
    if (element)
      setView((before) =>
        before.top === element.scrollTop && before.height === element.clientHeight
          ? before
          : { top: element.scrollTop, height: element.clientHeight },
      );
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(read);
    watch.observe(element);
    read();
    return () => watch.disconnect();
  }, [read]);
  useLayoutEffect(() => {
    if (follow) seen.current = rows;
  }, [follow, rows]);
  // At every frame: rows come, and the panel changes its size, also when nothing is drawn anew.
  useEffect(() => {
    if (!follow) return undefined;
    const stay = (): void => {
      const element = box.current;
      if (element && element.scrollHeight - element.clientHeight - element.scrollTop > 1) {
        element.scrollTop = element.scrollHeight;
        lastTop.current = element.scrollTop;
        read();
      }
      frame = requestAnimationFrame(stay);
    };
    let frame = requestAnimationFrame(stay);
    return () => cancelAnimationFrame(frame);
  }, [follow, read]);
  const scrollToRow = useCallback(
    (row: number) => {
      const element = box.current;
      if (!element) return;
      const wanted = Math.max(0, row * ROW - element.clientHeight / 2);
      element.scrollTop = full > MAX_HEIGHT ? (wanted / (full - element.clientHeight)) * (height - element.clientHeight) : wanted;
      lastTop.current = element.scrollTop;
      read();
    },
    [full, height, read],
  );
  const jumped = useRef(0);
  useEffect(() => {
    if (!current || jumped.current === jump || (sheet.sections[current.section]?.book.rows ?? 0) === 0) return;
    const row = sheet.rowOf(current.section, current.position);
    scrollToRow(row);
    const there = sheet.row(row);
    // It is looked for again when its bytes have come.
    if (there.kind === 'gap' && !there.gone) onNeed(current);
    else jumped.current = jump;
  }, [current, jump, sheet, scrollToRow, onNeed]);

  const shown: { index: number; row: SheetRow; level: Level | undefined }[] = [];
  let level: Level | undefined;
  for (let index = Math.max(0, first - LOOK_BACK); index < last; index += 1) {
    const row = sheet.row(index);
    level = row.kind === 'line' ? levelOf(plainLine(row.text), level) : undefined;
    if (index >= first) shown.push({ index, row, level });
  }
  const openGap = follow
    ? undefined
    : shown.find(({ row, index }) => row.kind === 'gap' && !row.gone && index >= Math.floor(top / ROW) - 1);
  const gapKey = openGap?.row.kind === 'gap' ? `${openGap.row.section} ${openGap.row.start} ${openGap.row.end}` : '';
  useEffect(() => {
    // Somebody looks where something is missing.
    if (openGap?.row.kind === 'gap') onGap(openGap.row.section, openGap.row, true);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says which gap it is
  }, [gapKey]);

  const onScroll = (): void => {
    const element = box.current;
    if (!element) return;
    // Only a person lets go of the end: the browser moves what it scrolls, too.
    if (follow && element.scrollTop < lastTop.current - 2 && performance.now() - gesture.current < GESTURE_MS) {
      seen.current = rows;
      onFollow(false);
    } else if (!follow && element.scrollTop > lastTop.current && element.scrollTop + element.clientHeight >= element.scrollHeight - 2)
      onFollow(true);
    lastTop.current = element.scrollTop;
    read();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const element = box.current;
    if (!element || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'f') return;
      onFind();
    } else if (event.key === 'End') onFollow(true);
    else if (event.key === 'Home') {
      onFollow(false);
      element.scrollTop = 0;
    } else return;
    event.preventDefault();
  };
  const fresh = rows - seen.current;
  return (
    <div className={classes['holder']}>
      {/* What scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={box}
        className={classes['scroll']}
        data-wrap={wrap || undefined}
        role="log"
        aria-label={label}
        aria-live="off"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the same
        tabIndex={0}
        onScroll={onScroll}
        onWheel={onGesture}
        onTouchMove={onGesture}
        onPointerDown={onGesture}
        onPointerMove={(event) => event.buttons > 0 && onGesture()}
        onKeyDownCapture={onGesture}
        onKeyDown={onKeyDown}
      >
        <div className={classes['space']} style={{ height }}>
          <div
            className={classes['rows']}
            style={wrap && atEnd ? { bottom: 0 } : { top: wrap ? view.top : view.top - (top - first * ROW) }}
          >
            {shown.map(({ index, row, level: shownLevel }) =>
              row.kind === 'title' ? (
                <div key={`title ${row.section}`} className={classes['title']}>
                  {row.title}
                </div>
              ) : row.kind === 'gap' ? (
                <GapRow
                  key={`gap ${row.section} ${row.start}`}
                  gap={row}
                  loading={loading(row.section)}
                  onLoad={() => onGap(row.section, row, index > first + inSight / 2)}
                />
              ) : (
                <LogLine
                  key={`${row.section} ${row.position}`}
                  number={row.number}
                  text={row.text}
                  level={shownLevel}
                  mark={
                    current?.section === row.section && current.position === row.position
                      ? 'current'
                      : isFound({ section: row.section, position: row.position })
                        ? 'found'
                        : undefined
                  }
                  onChoose={() => onChoose({ section: row.section, position: row.position })}
                />
              ),
            )}
          </div>
        </div>
      </div>
      {!follow && fresh > 0 && seen.current > 0 ? (
        <div className={classes['news']}>
          <Button size="compact-sm" radius="xl" leftSection={<ArrowDown size={13} aria-hidden />} onClick={() => onFollow(true)}>
            {fresh.toLocaleString('en')} new {fresh === 1 ? 'line' : 'lines'}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

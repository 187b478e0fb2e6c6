import { ActionIcon, Menu, SegmentedControl, Text, TextInput, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { ALargeSmall, ArrowDownToLine, ChevronDown, ChevronUp, Copy, Download, Filter, Regex, Search, WrapText } from 'lucide-react';
import { useCallback, useMemo, useReducer, useRef, useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { formatBytes } from '../../shared/ui/times.ts';
import type { Level } from './line-level.ts';
import { plainLine } from './line-text.ts';
import type { LogFeed } from './log-feed.ts';
import { LogList, type LogPlace } from './log-list.tsx';
import { LogSheet } from './log-sheet.ts';
import classes from './logs.module.css';
import type { Wanted } from './scan-log.ts';
import { useScan } from './use-scan.ts';

export interface ShownLog {
  key: string;
  /** What people call the step; shown as a heading where there are several. */
  title: string;
  feed: LogFeed;
  /** Nothing more is printed. */
  over: boolean;
  downloadUrl: string;
}

interface LogViewProps {
  logs: readonly ShownLog[];
  label: string;
  /** What the address says to begin with. */
  start?: LogPlace | undefined;
  /** A line was chosen: the address of it. */
  linkOf: (place: LogPlace) => string;
  aside?: ReactNode;
}

/** Copying more than this would hold up the page; the file can be downloaded. */
const MOST_COPIED = 20_000;
/** What is fetched before a line that somebody jumps to. */
const CONTEXT_BYTES = 32 * 1024;

/** One log or several: search, levels, follow, wrap, copy, download. */
export function LogView({ logs, label, start, linkOf, aside }: LogViewProps) {
  useFeeds(logs);
  const [text, setText] = useState('');
  const [isRegex, toggleRegex] = useReducer((on: boolean) => !on, false);
  const [matchCase, toggleCase] = useReducer((on: boolean) => !on, false);
  const [only, toggleOnly] = useReducer((on: boolean) => !on, false);
  const [levels, setLevels] = useState<readonly Level[]>([]);
  const [wrap, toggleWrap] = useReducer((on: boolean) => !on, false);
  const [follow, setFollow] = useState(start === undefined);
  const [place, setPlace] = useState<{ at: LogPlace | undefined; jump: number }>({ at: start, jump: start ? 1 : 0 });
  const clipboard = useClipboard({ timeout: 1_500 });
  const searchBox = useRef<HTMLInputElement>(null);
  const scanned = useMemo(() => logs.map(({ feed, over }) => ({ feed, over })), [logs]);
  const search = useMemo(
    (): Wanted | undefined => (text === '' ? undefined : { text, isRegex, matchCase, levels: null }),
    [text, isRegex, matchCase],
  );
  const filter = useMemo(
    (): Wanted | undefined =>
      levels.length === 0 && !(only && text !== '')
        ? undefined
        : { text: only ? text : '', isRegex, matchCase, levels: levels.length === 0 ? null : levels },
    [levels, only, text, isRegex, matchCase],
  );
  const hits = useScan(scanned, search);
  const filtered = useScan(scanned, filter);
  const places = useMemo(
    () => hits.found.flatMap((found, section) => found.map((position) => ({ section, position }))),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the lists grow in place, the stamp tells
    [hits.found, hits.stamp],
  );
  const foundKeys = useMemo(() => new Set(places.map(({ section, position }) => `${section} ${position}`)), [places]);
  // Made anew with every change of a book: it only counts rows.
  const sheet = new LogSheet(
    logs.map(({ key, title, feed }, at) => ({
      key,
      title: logs.length > 1 ? title : undefined,
      book: feed.book,
      found: filter ? (filtered.found[at] ?? []) : undefined,
    })),
  );
  const currentHit =
    place.at === undefined
      ? -1
      : places.findIndex(({ section, position }) => section === place.at?.section && position === place.at.position);
  const go = (step: 1 | -1): void => {
    if (places.length === 0) return;
    const next = currentHit < 0 ? (step === 1 ? 0 : places.length - 1) : (currentHit + step + places.length) % places.length;
    setFollow(false);
    setPlace(({ jump }) => ({ at: places[next], jump: jump + 1 }));
  };
  const choose = useCallback(
    (at: LogPlace) => {
      setPlace(({ jump }) => ({ at, jump }));
      clipboard.copy(linkOf(at));
    },
    [clipboard, linkOf],
  );
  const need = useCallback(({ section, position }: LogPlace) => logs[section]?.feed.fetch(Math.max(0, position - CONTEXT_BYTES)), [logs]);
  const copyAll = (): void => {
    const lines: string[] = [];
    for (let at = Math.max(0, sheet.rows - MOST_COPIED); at < sheet.rows; at += 1) {
      const row = sheet.row(at);
      lines.push(
        row.kind === 'line' ? plainLine(row.text) : row.kind === 'title' ? `── ${row.title} ──` : `… ${formatBytes(row.end - row.start)} …`,
      );
    }
    clipboard.copy(lines.join('\n'));
  };
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') setText('');
    else return;
    event.preventDefault();
  };
  const problem = hits.problem ?? filtered.problem;
  const toggle = (icon: ReactNode, name: string, on: boolean, press: () => void) => (
    <Tooltip label={name}>
      <ActionIcon
        size="sm"
        variant={on ? 'light' : 'subtle'}
        color={on ? 'ink' : 'gray'}
        aria-label={name}
        aria-pressed={on}
        onClick={press}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={classes['frame']}>
      <div className={classes['bar']}>
        {aside}
        <TextInput
          ref={searchBox}
          className={classes['search'] ?? ''}
          size="xs"
          placeholder="Search"
          aria-label="Search the log"
          leftSection={<Search size={13} aria-hidden />}
          value={text}
          error={problem !== undefined}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onSearchKey}
        />
        {text === '' ? null : (
          <>
            <span className={classes['count']} role="status">
              {problem ? 'no valid pattern' : `${currentHit + 1} of ${places.length.toLocaleString('en')}${hits.busy ? '…' : ''}`}
            </span>
            <ActionIcon size="sm" aria-label="Previous match" onClick={() => go(-1)} disabled={places.length === 0}>
              <ChevronUp size={15} aria-hidden />
            </ActionIcon>
            <ActionIcon size="sm" aria-label="Next match" onClick={() => go(1)} disabled={places.length === 0}>
              <ChevronDown size={15} aria-hidden />
            </ActionIcon>
            {toggle(<ALargeSmall size={15} aria-hidden />, 'Match case', matchCase, toggleCase)}
            {toggle(<Regex size={14} aria-hidden />, 'Regular expression', isRegex, toggleRegex)}
            {toggle(<Filter size={13} aria-hidden />, 'Only lines that match', only, toggleOnly)}
          </>
        )}
        <div className={classes['tools']}>
          <LevelMenu levels={levels} onChange={setLevels} />
          {toggle(<WrapText size={15} aria-hidden />, 'Wrap long lines', wrap, toggleWrap)}
          {toggle(<ArrowDownToLine size={15} aria-hidden />, 'Follow the end', follow, () => setFollow(!follow))}
          <Tooltip label={clipboard.copied ? 'Copied' : 'Copy'}>
            <ActionIcon size="sm" aria-label="Copy the shown lines" onClick={copyAll}>
              <Copy size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <DownloadMenu logs={logs} />
        </div>
      </div>
      {problem ? (
        <Text size="xs" c="var(--e-bad)" px="sm" py={4} role="alert">
          {problem}
        </Text>
      ) : null}
      <LogList
        sheet={sheet}
        label={label}
        wrap={wrap}
        follow={follow}
        onFollow={setFollow}
        current={place.at}
        jump={place.jump}
        isFound={({ section, position }) => foundKeys.has(`${section} ${position}`)}
        loading={(section) => logs[section]?.feed.state.get().loading ?? false}
        onChoose={choose}
        onNeed={need}
        onFind={() => searchBox.current?.focus()}
        onGap={(section, gap, backwards) => logs[section]?.feed.fetch(gap.start, backwards)}
      />
      <StatusLine logs={logs} shown={filter ? sheet.rows : undefined} busy={filtered.busy} />
    </div>
  );
}

/** Wakes the component when any of the logs changed. */
function useFeeds(logs: readonly ShownLog[]): void {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = logs.map(({ feed }) => feed.state.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
    [logs],
  );
  useSyncExternalStore(subscribe, () =>
    logs.map(({ feed }) => `${feed.state.get().version} ${feed.state.get().state} ${feed.state.get().loading}`).join(),
  );
}

function LevelMenu({ levels, onChange }: { levels: readonly Level[]; onChange: (levels: readonly Level[]) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Levels"
      value={levels.length === 0 ? 'all' : levels.includes('warning') ? 'warning' : 'error'}
      onChange={(value) => onChange(value === 'all' ? [] : value === 'warning' ? ['error', 'warning'] : ['error'])}
      data={[
        { value: 'all', label: 'All' },
        { value: 'warning', label: 'Warnings' },
        { value: 'error', label: 'Errors' },
      ]}
    />
  );
}

function DownloadMenu({ logs }: { logs: readonly ShownLog[] }) {
  const [only] = logs;
  const icon = <Download size={14} aria-hidden />;
  if (logs.length === 1 && only) {
    return (
      <Tooltip label="Download the log">
        <ActionIcon size="sm" component="a" href={only.downloadUrl} download aria-label="Download the log">
          {icon}
        </ActionIcon>
      </Tooltip>
    );
  }
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="sm" aria-label="Download a log" disabled={logs.length === 0}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {logs.map(({ key, title, downloadUrl }) => (
          <Menu.Item key={key} component="a" href={downloadUrl} download>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const NOT_LIVE = { lost: 'The connection is away; what is shown stays', refused: 'This log cannot be shown' } as const;

function StatusLine({ logs, shown, busy }: { logs: readonly ShownLog[]; shown: number | undefined; busy: boolean }) {
  const states = logs.map(({ feed }) => feed.state.get());
  const size = logs.reduce((sum, { feed }) => sum + feed.book.size, 0);
  const bad = states.find(({ state }) => state === 'lost' || state === 'refused');
  const isLive = states.some(({ state }) => state === 'live');
  const isOpening = states.some(({ state }) => state === 'opening');
  const what = bad
    ? (bad.message ?? NOT_LIVE[bad.state as keyof typeof NOT_LIVE])
    : isLive
      ? 'Live'
      : isOpening
        ? 'Opening…'
        : size === 0
          ? logs.every(({ over }) => over)
            ? 'Nothing was printed'
            : 'Nothing was printed yet'
          : 'Complete';
  return (
    <div className={classes['status']}>
      <span role="status">
        {what}
        {states.some(({ truncated }) => truncated) ? ' · too long to be kept whole' : ''}
      </span>
      <span>
        {shown === undefined ? '' : `${shown.toLocaleString('en')} lines shown${busy ? '…' : ''} · `}
        {size > 0 ? formatBytes(size) : ''}
      </span>
    </div>
  );
}

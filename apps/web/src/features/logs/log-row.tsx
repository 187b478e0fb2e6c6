import { Button } from '@mantine/core';
import { memo, useMemo } from 'react';
import { formatBytes } from '../../shared/ui/times.ts';
import type { Gap } from './log-book.ts';
import type { Level } from './line-level.ts';
import { textRuns, type TextRun } from './line-text.ts';
import classes from './logs.module.css';

function styleOf({ color, background, trueColor, trueBackground }: TextRun) {
  return {
    ...(color ? { color: `var(--e-ansi-${color})` } : {}),
    ...(background ? { backgroundColor: `var(--e-ansi-${background})`, color: color ? undefined : 'var(--e-surface)' } : {}),
    ...(trueColor ? { color: `rgb(${trueColor})` } : {}),
    ...(trueBackground ? { backgroundColor: `rgb(${trueBackground})` } : {}),
  };
}

const marksOf = ({ bold, dim, italic, underline }: TextRun) =>
  [bold && classes['bold'], dim && classes['faint'], italic && classes['italic'], underline && classes['underline']]
    .filter(Boolean)
    .join(' ') || undefined;

interface LogLineProps {
  number: number | undefined;
  text: string;
  level: Level | undefined;
  /** found: a line that was searched for. current: the one that is looked at. */
  mark: 'found' | 'current' | undefined;
  onChoose: () => void;
}

/** One line: its number leads to it, its colours are runs of text. */
export const LogLine = memo(
  function LogLine({ number, text, level, mark, onChoose }: LogLineProps) {
    const runs = useMemo(() => textRuns(text), [text]);
    return (
      <div className={classes['line']} data-level={level} data-mark={mark}>
        <button
          type="button"
          tabIndex={-1}
          className={classes['number']}
          aria-label={number === undefined ? 'Link to this line' : `Link to line ${number}`}
          onClick={onChoose}
        >
          {number ?? '·'}
        </button>
        <span className={classes['text']}>
          {runs.map((run, at) => (
            <span key={at} style={styleOf(run)} className={marksOf(run)}>
              {run.text}
            </span>
          ))}
          {'\n'}
        </span>
      </div>
    );
  },
  (a, b) => a.number === b.number && a.text === b.text && a.level === b.level && a.mark === b.mark,
);

/** Where bytes are missing: still to be had, or not kept. */
export function GapRow({ gap, onLoad, loading }: { gap: Gap; onLoad: () => void; loading: boolean }) {
  const size = formatBytes(gap.end - gap.start);
  return (
    <div className={classes['gap']} data-gone={gap.gone || undefined}>
      {gap.gone ? (
        `${size} were not kept: only the beginning and the end of a very long log are`
      ) : (
        <>
          {size} not loaded
          <Button size="compact-xs" variant="subtle" onClick={onLoad} loading={loading}>
            Load
          </Button>
        </>
      )}
    </div>
  );
}

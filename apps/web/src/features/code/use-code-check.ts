import type { CardManifest } from '@ensemble/cards';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { useEffect, useMemo, useRef, useState } from 'react';
import type * as Y from 'yjs';
import { checkCode } from './code-checker.ts';
import { takenTypes } from './taken-types.ts';
import type { CheckResult } from './check-protocol.ts';

/** Where a source comes from: shared and changing, or fixed. */
export type CheckedSource = { text: Y.Text } | { fixed: string };

export interface CodeCheck {
  /** Of the present source, a moment behind; undefined before the first. */
  result: CheckResult | undefined;
  /** The last valid one that was seen here, else the server's. */
  manifest: CardManifest | undefined;
}

const PAUSE_MS = 120;
const EMPTY_PAUSE_MS = 2_000;
/** While somebody types without a pause. */
const LONGEST_WAIT_MS = 500;

/** Reads a card while it is typed, in a worker. `entries`: the project's index, which knows who holds which card type. */
export function useCodeCheck(
  source: CheckedSource | undefined,
  entry: Pick<ProjectCardEntry, 'cardId' | 'path' | 'manifest'> | undefined,
  entries: ReadonlyMap<string, ProjectCardEntry>,
): CodeCheck {
  const [result, setResult] = useState<CheckResult>();
  const [seen, setSeen] = useState<CardManifest>();
  const { cardId = '', path = '' } = entry ?? {};
  const taken = useMemo(() => JSON.stringify(takenTypes(entries, cardId)), [entries, cardId]);
  const now = useRef({ path, taken });
  const again = useRef<() => void>(undefined);
  useEffect(() => {
    now.current = { path, taken };
    again.current?.();
  }, [path, taken]);
  useEffect(() => {
    if (!source) return undefined;
    const read = () => ('text' in source ? source.text.toJSON() : source.fixed);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let since = 0;
    let newest = 0;
    let closed = false;
    const check = () => {
      timer = undefined;
      newest += 1;
      const mine = newest;
      void checkCode(read(), now.current.path, JSON.parse(now.current.taken) as Record<string, string>).then(
        (found) => {
          if (closed || mine !== newest) return;
          setResult(found);
          if (found.manifest) setSeen(found.manifest);
        },
        // Without an answer the server's word stands, which is in the index.
        () => undefined,
      );
    };
    const ask = () => {
      if (timer === undefined) since = Date.now();
      clearTimeout(timer);
      timer = setTimeout(check, Math.max(0, Math.min(PAUSE_MS, since + LONGEST_WAIT_MS - Date.now())));
    };
    again.current = ask;
    // A shared text that is empty has most likely not arrived: it is no draft with errors.
    if (read() === '') timer = setTimeout(check, EMPTY_PAUSE_MS);
    else check();
    if ('text' in source) source.text.observe(ask);
    return () => {
      closed = true;
      again.current = undefined;
      clearTimeout(timer);
      if ('text' in source) source.text.unobserve(ask);
      setResult(undefined);
      setSeen(undefined);
    };
  }, [source]);
  return { result, manifest: seen ?? entry?.manifest };
}

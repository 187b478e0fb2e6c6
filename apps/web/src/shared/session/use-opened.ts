import { useEffect, useState } from 'react';

/**
 * Something that has to be opened and closed, for as long as a component lives and `key` stays: undefined until it is open.
 * `open` and `close` are functions that do not change.
 */
export function useOpened<Key, Opened>(
  key: Key | undefined,
  open: (key: Key) => Opened,
  close: (opened: Opened) => void,
): Opened | undefined {
  const [held, setHeld] = useState<{ key: Key; opened: Opened }>();
  useEffect(() => {
    if (key === undefined) return undefined;
    const opened = open(key);
    // oxlint-disable-next-line react/set-state-in-effect -- opening has effects, so it cannot happen while rendering
    setHeld({ key, opened });
    return () => {
      setHeld(undefined);
      close(opened);
    };
  }, [key, open, close]);
  return held !== undefined && held.key === key ? held.opened : undefined;
}

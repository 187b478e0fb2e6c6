import { useEffect } from 'react';

/** Tells which line raised, and takes it back when that is no longer what is shown. */
export function useStepLine(line: number | undefined, tell: ((line: number | undefined) => void) | undefined): void {
  useEffect(() => {
    if (line === undefined || !tell) return undefined;
    tell(line);
    return () => tell(undefined);
  }, [line, tell]);
}

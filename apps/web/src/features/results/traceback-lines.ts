/** Which lines of a Python traceback point into the card itself. Pure. */
export interface TracebackLine {
  text: string;
  inCard: boolean;
  /** Of a frame in the card's file, whether it raised there or only came by: its line. */
  cardLine?: number;
}

const FRAME = /^\s*File "([^"]+)", line (\d+)/;

/** `file` as the step's error names it; `line` is 1-based. The line of code under a marked frame is marked too. */
export function tracebackLines(traceback: string, file: string | undefined, line: number | undefined): TracebackLine[] {
  let marked = false;
  return traceback
    .trimEnd()
    .split('\n')
    .map((text) => {
      const frame = FRAME.exec(text);
      const inFile = frame !== null && file !== undefined && isSameFile(frame[1] ?? '', file);
      if (frame) marked = line !== undefined && Number(frame[2]) === line && (file === undefined || inFile);
      else if (!text.startsWith('    ')) marked = false;
      return { text, inCard: marked, ...(inFile ? { cardLine: Number(frame[2]) } : {}) };
    });
}

const isSameFile = (path: string, file: string): boolean => path === file || path.endsWith(`/${file}`) || file.endsWith(`/${path}`);

/** How grave a line is, from the words that logging libraries write and from tracebacks. Pure. */
export type Level = 'error' | 'warning' | 'info' | 'debug';

const WORDS: [RegExp, Level][] = [
  [/\b(?:CRITICAL|FATAL|ERROR|SEVERE|PANIC)\b|^\s*\[?(?:error|fatal|critical)\b\]?:?/, 'error'],
  [/\b(?:WARNING|WARN)\b|^\s*\[?(?:warning|warn)\b\]?:?|\b[A-Z]\w*Warning: /, 'warning'],
  [/\b(?:INFO|NOTICE)\b|^\s*\[?info\b\]?:?/, 'info'],
  [/\b(?:DEBUG|TRACE)\b|^\s*\[?(?:debug|trace)\b\]?:?/, 'debug'],
];
const TRACEBACK = /^(?:Traceback \(most recent call last\):|(?:During handling of|The above exception was))|^Fatal Python error/;
const EXCEPTION = /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)(?:: |$)/;
const LOOKED_AT = 160;

/** `before` is the level of the line above: what is indented belongs to it. */
export function levelOf(line: string, before: Level | undefined): Level | undefined {
  const start = line.slice(0, LOOKED_AT);
  if (TRACEBACK.test(start) || EXCEPTION.test(start)) return 'error';
  if (before !== undefined && /^\s+\S/.test(start)) return before;
  return WORDS.find(([words]) => words.test(start))?.[1];
}

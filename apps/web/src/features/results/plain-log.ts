// Escape sequences of terminals: colours, cursor moves, titles, hyperlinks.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** What a person would see of terminal output: escapes gone, a carriage return overwrites its line (progress bars). */
export function plainLog(text: string): string {
  return text
    .replaceAll(ESCAPES, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => (line.includes('\r') ? line.slice(line.trimEnd().lastIndexOf('\r') + 1).trimEnd() : line))
    .join('\n');
}

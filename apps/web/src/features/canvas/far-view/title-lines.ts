/** Words broken into lines that fit, the last one with an ellipsis when there are more. Remembers what it has broken. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, readonly string[]>();

interface Room {
  width: number;
  /** Lines at most. */
  most: number;
  /** Height of the letters. */
  size: number;
}

export function titleLines(title: string, { width, most, size }: Room, measure: (text: string) => number): readonly string[] {
  const key = `${Math.round(width)} ${most} ${Math.round(size)} ${title}`;
  const known = remembered.get(key);
  if (known) return known;
  if (remembered.size > MOST_REMEMBERED) remembered.clear();
  const lines = broken(title, width, most, measure);
  remembered.set(key, lines);
  return lines;
}

function broken(title: string, width: number, most: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of title.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || measure(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  if (line !== '') lines.push(line);
  const shown = lines.slice(0, most);
  return shown.map((text, index) => {
    const more = index === most - 1 && lines.length > most;
    return more || measure(text) > width ? shortened(text, width, measure) : text;
  });
}

function shortened(text: string, width: number, measure: (text: string) => number): string {
  const letters = Array.from(text);
  while (letters.length > 1 && measure(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('')}…`;
}

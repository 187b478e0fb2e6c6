/** From what a card printed to what a person sees: colours as runs of text, never markup. Pure. */
import Anser from 'anser';

// Escape sequences of terminals: cursor moves, titles, hyperlinks; colours are the ones that end in m.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f]/g;

/** A carriage return overwrites its line, as progress bars do. */
const overwritten = (line: string): string => (line.includes('\r') ? line.slice(line.trimEnd().lastIndexOf('\r') + 1).trimEnd() : line);

/** The line without any escape sequence. */
export const plainLine = (line: string): string => overwritten(line.replaceAll(ESCAPES, '').replaceAll(CONTROLS, ''));

export interface TextRun {
  text: string;
  /** One of the sixteen colours, such as `red` or `bright-red`. */
  color?: string;
  background?: string;
  /** `r, g, b` */
  trueColor?: string;
  trueBackground?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

const RGB = /^\d{1,3}, ?\d{1,3}, ?\d{1,3}$/;
const named = (color: string | null): string | undefined => (color ? /^ansi-((?:bright-)?[a-z]+)$/.exec(color)?.[1] : undefined);
const rgb = (color: string | null): string | undefined => (color && RGB.test(color) ? color : undefined);

export function textRuns(line: string): TextRun[] {
  if (!line.includes('\u001b')) return [{ text: plainLine(line) }];
  const colored = line.replaceAll(ESCAPES, (all, _codes: string | undefined, last: string | undefined) => (last === 'm' ? all : ''));
  return Anser.ansiToJson(overwritten(colored), { json: true, remove_empty: true, use_classes: true }).map((entry) => {
    const run: TextRun = { text: entry.content.replaceAll(CONTROLS, '') };
    const color = named(entry.fg) === 'truecolor' ? undefined : named(entry.fg);
    const background = named(entry.bg) === 'truecolor' ? undefined : named(entry.bg);
    const trueColor = rgb(entry.fg_truecolor);
    const trueBackground = rgb(entry.bg_truecolor);
    if (color) run.color = color;
    if (background) run.background = background;
    if (trueColor) run.trueColor = trueColor;
    if (trueBackground) run.trueBackground = trueBackground;
    for (const style of ['bold', 'dim', 'italic', 'underline'] as const) if (entry.decorations.includes(style)) run[style] = true;
    return run;
  });
}

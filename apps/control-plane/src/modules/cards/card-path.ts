/** Where a card file may be in its project. */
/** File systems refuse names beyond 255 bytes; a runner adds to them. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}$/;
const MAX_PATH = 400;
const MAX_DEPTH = 12;

/** What is wrong with the path, as one sentence; undefined when it can be used. */
export function problemOfCardPath(path: string): string | undefined {
  const segments = path.split('/');
  const shown = shownPath(path);
  if (segments[0] !== 'cards' || segments.length < 2) return `${shown} is not below the folder cards/.`;
  if (path.length > MAX_PATH || segments.length > MAX_DEPTH) return `${shown} is too long or too deep.`;
  if (!segments.every((segment) => SEGMENT.test(segment)))
    return `${shown} has a part that is no plain name (up to 200 letters, digits, "_", "-" and ".").`;
  if (!path.endsWith('.py')) return `${shown} is no Python file.`;
  if (segments[1]!.toLowerCase() === 'std')
    return `${shown} is in cards/std/, which belongs to the cards that come with Ensemble: move it to another folder.`;
  return undefined;
}

/** In quotes, cut, with every character visible: one that turns the direction of text would garble the sentence. */
export const shownPath = (path: string): string =>
  JSON.stringify(path.length > 120 ? `${path.slice(0, 120)}…` : path).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );

/** Files every project brings along that Ensemble has its own of. */
export const isProvided = (path: string, source: string): boolean =>
  path === 'cards/base.py' || (path.endsWith('/__init__.py') && source.trim() === '');

/** Where the card files of an import go: to where they were, under names that Python can import. Pure. */
import type { ImportFinding } from '@ensemble/pipeline';
import { isProvided, problemOfCardPath } from '../cards/index.ts';

const MAX_SOURCE_BYTES = 1_000_000;

/** In order of path. What is left out or renamed is said in `findings`. */
export function placeCards(
  files: readonly (readonly [string, Uint8Array])[],
  findings: ImportFinding[],
): { path: string; source: string }[] {
  const placed: { path: string; source: string }[] = [];
  const leave = (path: string, message: string): void =>
    void findings.push({ kind: 'not-understood', code: 'card-left-out', message, path });
  const taken = new Set(files.map(([path]) => path.toLowerCase()));
  for (const [path, bytes] of files.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (bytes.length > MAX_SOURCE_BYTES) {
      leave(path, `${path} has more than ${MAX_SOURCE_BYTES / 1_000} kB and was left out: a card file is text that people edit.`);
      continue;
    }
    let source: string;
    try {
      source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      leave(path, `${path} is no UTF-8 text and was left out. Save it as UTF-8.`);
      continue;
    }
    if (!source.isWellFormed() || source.includes('\0')) {
      leave(path, `${path} holds characters that no program has and was left out.`);
      continue;
    }
    if (isProvided(path, source)) {
      findings.push({ kind: 'mapped', code: 'provided', message: `${path} was left out: Ensemble brings its own.`, path });
      continue;
    }
    const plain = plainPath(path);
    const wrong = problemOfCardPath(plain);
    if (wrong !== undefined || (plain !== path && taken.has(plain.toLowerCase()))) {
      leave(
        path,
        wrong === undefined
          ? `${path} was left out: without spaces and signs its name is that of another file.`
          : `${path} was left out: ${wrong}`,
      );
      continue;
    }
    if (plain !== path) {
      taken.add(plain.toLowerCase());
      findings.push({
        kind: 'guessed',
        code: 'card-renamed',
        message: `${path} is called ${plain} here: card files have plain names that Python can import.`,
        path: plain,
      });
    }
    placed.push({ path: plain, source: source.replaceAll(/\r\n?/g, '\n') });
  }
  return placed;
}

const plainPath = (path: string): string => {
  const [cards, ...parts] = path.split('/').map((part) =>
    part
      .normalize('NFC')
      .replaceAll(/[^A-Za-z0-9_.-]/g, '_')
      .replace(/^\./, '_'),
  );
  // The folder of the built-in cards.
  if (parts.length > 1 && parts[0]!.toLowerCase() === 'std') parts[0] = `${parts[0]!}_cards`;
  return [cards, ...parts].join('/');
};

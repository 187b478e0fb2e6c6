/** Which card files hold a text, and in which line first. Upper and lower case are the same. Pure. */
import type { CodeHit } from '@ensemble/protocol';

const SHOWN_LENGTH = 200;

/** In the order of `files`; a file counts once. An empty text is found nowhere. */
export function findInSources(files: Iterable<{ cardId: string; source: string }>, text: string): CodeHit[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: CodeHit[] = [];
  for (const { cardId, source } of files) {
    const lines = source.split('\n');
    const at = lines.findIndex((line) => line.toLowerCase().includes(wanted));
    if (at >= 0) hits.push({ cardId, line: at + 1, text: lines[at]!.trim().slice(0, SHOWN_LENGTH) });
  }
  return hits;
}

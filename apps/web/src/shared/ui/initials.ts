/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = firstLetter(words[0] ?? '?');
  const last = words.length > 1 ? firstLetter(words.at(-1) ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

/** As a reader sees it: accents and joined emoji are one letter. */
const firstLetter = (word: string): string => new Intl.Segmenter().segment(word).containing(0)?.segment ?? '';

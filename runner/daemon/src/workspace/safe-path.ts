/** Checks names that come from messages or cards before they become paths. Pure. */

/** A single plain file name: no separator, no dot folder, nothing a terminal or a file system could trip over. */
export const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 255 && !/[/\\\p{Cc}\p{Cs}]/u.test(name);

/** A relative path of 1 to `maxDepth` plain names joined by `/`. */
export const isPlainPath = (path: string, maxDepth = 16): boolean => {
  const parts = path.split('/');
  return parts.length <= maxDepth && parts.every(isPlainName);
};

/** Where a Python file imports another one. By its lines, not its tree: the file may have errors. Pure. */

/** `cards/models/net.py` → `cards.models.net`. */
export const moduleOf = (path: string): string => path.replace(/\.py$/, '').replaceAll('/', '.');

/** Lines, counted from 1, whose statement imports the module or something from it. */
export function importsOf(source: string, module: string): number[] {
  const cut = module.lastIndexOf('.');
  const name = (text: string) => text.replaceAll('.', '\\.');
  const direct = new RegExp(`^\\s*(?:from\\s+${name(module)}\\s+import|import\\s+(?:[\\w.]+\\s*,\\s*)*${name(module)}\\b(?!\\.))`);
  const fromFolder = new RegExp(`^\\s*from\\s+${name(module.slice(0, cut))}\\s+import\\b.*\\b${module.slice(cut + 1)}\\b`);
  return source.split('\n').flatMap((line, index) => (direct.test(line) || fromFolder.test(line) ? [index + 1] : []));
}

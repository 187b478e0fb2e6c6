/**
 * What people may call a card file, and where they may put it. Stricter than an import, which takes what others named long
 * ago: a card is a Python module, and its folder may be checked out on any computer. Pure.
 */
import { problemOfCardPath, shownPath } from './card-path.ts';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEYWORDS = new Set(
  (
    'false none true and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
const WINDOWS_NAMES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;

export type PathProblem =
  | { kind: 'invalid'; message: string }
  /** Something is there already. */
  | { kind: 'taken'; message: string };

const invalid = (message: string): PathProblem => ({ kind: 'invalid', message });
const taken = (message: string): PathProblem => ({ kind: 'taken', message });

/** `others` are the paths of the project's other card files. Folders that are there already are taken as they are. */
export function problemOfNewPath(path: string, others: readonly string[]): PathProblem | undefined {
  const folders = path.split('/').slice(0, -1);
  const known = others.some((other) => other.startsWith(`${folders.join('/')}/`));
  return problemOfNames(path, known) ?? collisionOf(path, others);
}

/** For a file that keeps the name it has had: only that it fits, and that nothing is in the way. */
export function problemOfKeptName(path: string, others: readonly string[]): PathProblem | undefined {
  const general = problemOfCardPath(path);
  return general === undefined ? collisionOf(path, others) : invalid(general);
}

/** A folder such as `cards/data`, as a place to move files to. */
export const problemOfNewFolder = (folder: string): PathProblem | undefined => problemOfNames(`${folder}/card.py`, false);

function problemOfNames(path: string, folderKnown: boolean): PathProblem | undefined {
  const general = problemOfCardPath(path);
  if (general !== undefined) return invalid(general);
  const names = path.slice(0, -'.py'.length).split('/').slice(1);
  for (const name of folderKnown ? names.slice(-1) : names) {
    const shown = shownPath(name);
    if (!IDENTIFIER.test(name))
      return invalid(
        `${shown} cannot be imported: a card is a Python module, so its file and folders have names of letters, digits and "_" that do not begin with a digit. Try "${identifierFrom(name)}".`,
      );
    if (KEYWORDS.has(name.toLowerCase()))
      return invalid(`${shown} is a word of the Python language and cannot name a module. Try "${name}_card".`);
    if (WINDOWS_NAMES.test(name))
      return invalid(`${shown} is a name that Windows keeps for itself: nobody could keep the project there. Try "${name}_card".`);
    if (name.startsWith('__')) return invalid(`${shown} has a meaning of its own in Python. Choose a name that does not begin with "__".`);
  }
  if (names.length === 1 && names[0]!.toLowerCase() === 'base')
    return invalid('"cards/base.py" belongs to Ensemble: it is what cards import BaseCard from. Choose another name.');
  return undefined;
}

function collisionOf(path: string, others: readonly string[]): PathProblem | undefined {
  const low = path.toLowerCase();
  const asFolder = low.slice(0, -'py'.length - 1);
  for (const other of others) {
    const lowOther = other.toLowerCase();
    if (other === path) return taken(`There is a card file "${path}" already. Choose another name.`);
    if (lowOther === low)
      return taken(
        `"${other}" is there already and differs only in upper and lower case, which some computers do not tell apart. Choose another name.`,
      );
    if (lowOther.startsWith(`${asFolder}/`))
      return taken(`There is a folder "${asFolder}/", and Python could not tell it from "${path}". Choose another name.`);
    if (low.startsWith(`${lowOther.slice(0, -'.py'.length)}/`))
      return taken(`"${other}" is a card file, and Python could not tell it from a folder of that name. Choose another folder.`);
  }
  return folderInOtherCase(path, others);
}

function folderInOtherCase(path: string, others: readonly string[]): PathProblem | undefined {
  const folders = path.split('/').slice(0, -1);
  for (let depth = 2; depth <= folders.length; depth++) {
    const wanted = `${folders.slice(0, depth).join('/')}/`;
    const there = others.find((other) => other.toLowerCase().startsWith(wanted.toLowerCase()))?.slice(0, wanted.length);
    if (there !== undefined && there !== wanted)
      return taken(`The folder is called "${there}" here, and some computers do not tell upper and lower case apart. Write it that way.`);
  }
  return undefined;
}

/** The nearest name that Python can import. */
function identifierFrom(name: string): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'my_card' : /^\d/.test(plain) ? `card_${plain}` : plain;
}

/** The path itself, or with the first number behind its name that makes it free. */
export function freePath(path: string, others: readonly string[]): string {
  const present = new Set(others.map((other) => other.toLowerCase()));
  const stem = path.slice(0, -'.py'.length);
  let candidate = path;
  for (let number = 2; present.has(candidate.toLowerCase()); number++) candidate = `${stem}_${number}.py`;
  return candidate;
}

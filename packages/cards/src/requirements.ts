/**
 * What a card may write in `requirements`: names and versions of packages (a part of PEP 508), never a place to fetch them from.
 * Pure; knows neither indexes nor what is installed.
 */

/** One requirement in the one form that stands for all ways to write it. */
export type RequirementReading = { ok: true; name: string; canonical: string } | { ok: false; problem: string };

export const MAX_REQUIREMENTS = 50;
const MAX_LENGTH = 200;

const NAME = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const WHOLE = new RegExp(`^(${NAME})\\s*(?:\\[([^\\]]*)\\])?\\s*(.*)$`, 's');
const EXTRA = new RegExp(`^${NAME}$`);
const COMPARISON = /^(~=|==|!=|<=|>=|<|>)\s*(\S+)$/;
/** PEP 440: `1.2`, `1!2.0rc1`, `2.13.0+cpu`, `3.post1.dev2`. */
const VERSION =
  /^v?(?:\d{1,9}!)?\d{1,9}(?:\.\d{1,9}){0,20}(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d{0,9})?(?:[-_.]?(?:post|rev|r)[-_.]?\d{0,9})?(?:[-_.]?dev[-_.]?\d{0,9})?(?:\+[a-z0-9]{1,30}(?:[-_.][a-z0-9]{1,30}){0,10})?$/i;

const normalised = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');
const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** Why the text is no name and version, or its canonical form. */
export function readRequirement(written: string): RequirementReading {
  const text = written.trim();
  const no = (why: string): RequirementReading => ({ ok: false, problem: `"${shown(text)}" ${why}; write for example "xgboost>=2"` });
  if (text.length > MAX_LENGTH) return no(`is longer than ${MAX_LENGTH} characters`);
  if (text.startsWith('-')) return no('is an option, not a name and version');
  if (text.includes('@') || text.includes('://')) return no('names a place to fetch from, and only a name and version can be asked for');
  if (text.includes(';')) return no('has a condition after ";", and cards run on one Python only');
  const whole = WHOLE.exec(text);
  if (whole === null) return no('is no name and version');
  const [, name = '', extras, versions = ''] = whole;
  if (/[\\/]/.test(text) || /[.](whl|zip|gz|bz2)$/i.test(text)) return no('is a path, not a name and version');
  const wanted = extras === undefined ? [] : extras.split(',').map((extra) => extra.trim());
  if (extras !== undefined && !wanted.every((extra) => EXTRA.test(extra))) return no(`has "[${shown(extras)}]", which names no extra`);
  const comparisons = versions === '' ? [] : versions.split(',').map((part) => part.trim());
  for (const comparison of comparisons) {
    const [, operator = '', version = ''] = COMPARISON.exec(comparison) ?? [];
    const bare = version.endsWith('.*') && (operator === '==' || operator === '!=') ? version.slice(0, -2) : version;
    if (operator === '' || !VERSION.test(bare)) return no('is no name and version');
  }
  const canonicalVersions = comparisons.map((comparison) => comparison.replaceAll(/\s+/g, '').toLowerCase());
  const extrasText = wanted.length > 0 ? `[${[...new Set(wanted.map(normalised))].toSorted().join(',')}]` : '';
  return {
    ok: true,
    name: normalised(name),
    canonical: normalised(name) + extrasText + [...new Set(canonicalVersions)].toSorted().join(','),
  };
}

/** The same set of requirements, however it was written, gives the same list. Throws with the sentence of the first that is none. */
export function canonicalRequirements(written: readonly string[]): string[] {
  if (written.length > MAX_REQUIREMENTS) throw new Error(`${written.length} requirements are too many; ${MAX_REQUIREMENTS} is the most.`);
  const canonical = written.map((text) => {
    const reading = readRequirement(text);
    if (!reading.ok) throw new Error(`The requirement ${reading.problem}.`);
    return reading.canonical;
  });
  return [...new Set(canonical)].toSorted();
}

/** Turns what uv says into one plain sentence about a package. Pure; what it does not understand it quotes. */
import type { EnvironmentFault } from '@ensemble/protocol';
import type { InstallerEnd } from './confined-installer.ts';
import { closestPackage } from './package-names.ts';

export interface FailureContext {
  /** The card's, canonical. */
  requirements: readonly string[];
  /** Lines of the SDK's `requirements.in`. */
  baseRequirements: readonly string[];
  /** `3.11` */
  python: string;
  /** `linux x86_64` */
  platform: string;
  maxBytes: number;
  deadlineMs: number;
}

const MAX_DETAILS = 8_000;
const NETWORK =
  /error sending request|dns error|failed to (?:fetch|connect)|connection (?:refused|reset)|timed out|timeout|tcp connect|network is unreachable|certificate|status (?:code )?5\d\d|HTTP status server error|Request failed|Could not connect/i;

/** A failed attempt to resolve or install; `end` is not a success. */
export function explainFailure(end: InstallerEnd, context: FailureContext): EnvironmentFault {
  const details = end.output.trim().slice(-MAX_DETAILS);
  const fault = (message: string, temporary = false): EnvironmentFault => ({
    message: message.slice(0, 900),
    temporary,
    ...(details === '' ? {} : { details }),
  });
  if (end.ended === 'timeout')
    return fault(`Making the environment took longer than ${Math.round(context.deadlineMs / 60_000)} minutes.`, true);
  if (end.ended === 'disk')
    return fault(
      `The packages need more than ${Math.round(context.maxBytes / 1024 ** 2)} MiB, the most this runner gives to one environment.`,
    );
  const text = details.replaceAll(/\s+/g, ' ');
  if (/No space left on device|os error 28|Disk quota exceeded/.test(text)) return fault('The disk of the runner is full.', true);
  const understood = explainResolution(text, context) ?? explainInstall(text);
  if (understood !== undefined) return fault(understood);
  if (NETWORK.test(text)) return fault(`The package index cannot be reached: ${lastCause(details)}.`, true);
  return fault(
    `The packages could not be installed: ${[...new Set([firstError(details), lastCause(details)])].filter(Boolean).join(': ') || `uv ended with code ${end.code ?? 'unknown'}`}.`,
  );
}

/** `Because … we can conclude …`, from the plainest reason to the most general. */
function explainResolution(text: string, context: FailureContext): string | undefined {
  if (!/Because /.test(text)) return undefined;
  const absent = /([\w.-]+) was not found in the (?:package registry|provided package locations|cache)/i.exec(text)?.[1];
  if (absent !== undefined) {
    const meant = closestPackage(absent);
    return `There is no package named "${absent}"${neededBy(text, absent)}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}.`;
  }
  const [, future, wanted] = /(\S+) requires Python ([^\s,]+(?:, ?[<>=!~][^\s,]+)*)/i.exec(text) ?? [];
  if (future !== undefined) return `${shown(future)} needs Python ${wanted}, and cards run on Python ${context.python}.`;
  const unwheeled =
    /(all versions of )?([\w.-]+(?:[=<>!~]=?[^\s,]+)?) ha(?:s|ve) (?:no usable wheels|no wheels with a matching|an invalid package format)/i.exec(
      text,
    );
  if (unwheeled !== null) {
    if (/invalid package format/.test(unwheeled[0])) return `The wheel of ${shown(unwheeled[2] ?? '')} is broken.`;
    const which = unwheeled[1] === undefined ? shown(unwheeled[2] ?? '') : `any version of ${unwheeled[2]}`;
    return `There is no wheel of ${which} for Python ${context.python} on ${context.platform}; packages that must be built from source are not installed.`;
  }
  const absentVersion = /there (?:is|are) no versions? of ([\w.-]+)(?:\[[^\]]*\])?([=<>!~]\S*)/i.exec(text);
  if (absentVersion !== null)
    return `There is no version of ${absentVersion[1]} that fits "${trimmed(absentVersion[2] ?? '')}"${neededBy(text, absentVersion[1] ?? '')}.`;
  const needs = whoNeedsWhat(text, context);
  const [, available, offered] = /only ([\w.-]+?)([<>=!~]\S+) is available/i.exec(text) ?? [];
  if (
    available !== undefined &&
    needs.every(({ name }) => name === available || name === '' || !needs.some((other) => other.who === name && other.name !== available))
  ) {
    const wish = needs.find(({ name, version }) => name === available && version !== '');
    const by = wish === undefined || wish.who === CARD ? '' : `, which ${wish.who} needs`;
    if (wish !== undefined)
      return `There is no version of ${available} that fits "${wish.version}"${by} (there is ${trimmed(offered ?? '')}).`;
  }
  return needs.length === 0 ? undefined : `The packages do not fit together: ${needs.map(sentenceOf).join(', ')}.`;
}

const CARD = 'the card';
interface Need {
  who: string;
  name: string;
  version: string;
}

const trimmed = (text: string): string => text.replace(/[,.]$/, '');
const shown = (pin: string): string => pin.replace('==', ' ').replace(/(?<=\w)(?=[<>])/, ' ');
const sentenceOf = ({ who, name, version }: Need): string =>
  who === CARD
    ? `the card asks for ${name}${version}`
    : who === ''
      ? `every card gets ${name}${version}`
      : `${who} needs ${name}${version}`;

const neededBy = (text: string, name: string): string => {
  const by = new RegExp(`([\\w.-]+(?:==[^\\s,]+)?) depends? on ${name.replaceAll('.', '\\.')}(?![\\w-])`, 'i').exec(text)?.[1];
  return by === undefined ? '' : `, which ${shown(by)} needs`;
};

/** `a needs b<2`, for everything the conflict is made of. */
function whoNeedsWhat(text: string, { baseRequirements }: FailureContext): Need[] {
  const needs = new Map<string, Need>();
  const add = (need: Need): void => void needs.set(sentenceOf(need), need);
  const ofBase = new Set(baseRequirements.map((line) => line.replaceAll(/\s+/g, '').toLowerCase()));
  const split = (what: string): Pick<Need, 'name' | 'version'> => {
    const [, name = '', version = ''] = /^([\w.-]+(?:\[[^\]]*\])?)(.*)$/.exec(trimmed(what)) ?? [];
    return { name, version };
  };
  for (const [, who = '', what = ''] of text.matchAll(/([\w.-]+(?:[=<>!~]=?[^\s,]+)?) depends? on (\S+)/g))
    add({ who: shown(who), ...split(what) });
  for (const [, list = ''] of text.matchAll(/you require (\S+(?: and \S+)*)/g)) {
    for (const item of list.split(' and ').filter((part) => /^[\w.-]/.test(part) && part !== 'we')) {
      const need = split(item);
      if (need.version === '' && text.includes(`${need.name} depend`)) continue;
      add({ who: ofBase.has(trimmed(item).toLowerCase()) ? '' : CARD, ...need });
    }
  }
  return [...needs.values()];
}

function explainInstall(text: string): string | undefined {
  const hash = /Hash mismatch for `([^`]+)`/i.exec(text)?.[1];
  if (hash !== undefined)
    return `The index now has other bytes for ${hash} than when its environment was locked; ask for the environment again with Retry.`;
  const broken = /Failed to (?:install|extract|read|prepare)[^`]*`?([\w.+-]+)`?/i.exec(text)?.[1];
  if (broken !== undefined && /invalid|corrupt|malformed|escape|unsafe|outside|RECORD|zip|path|wheel/i.test(text) && !NETWORK.test(text))
    return `The wheel ${broken} is broken or not to be trusted and was not installed.`;
  return undefined;
}

const firstError = (details: string): string => /^error:\s*(.*?)[.]?$/m.exec(details)?.[1]?.slice(0, 400) ?? '';

const lastCause = (details: string): string => {
  const lines = details.split('\n').map((line) => line.trim());
  const line = lines.findLast((candidate) => /^(?:cause|caused by|error):/i.test(candidate)) ?? lines.at(-1) ?? '';
  return line
    .replace(/^(?:cause|caused by|error):\s*/i, '')
    .replace(/[.]$/, '')
    .slice(0, 400);
};

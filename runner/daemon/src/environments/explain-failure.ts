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
  return fault(`The packages could not be installed: ${lastCause(details) || `uv ended with code ${end.code ?? 'unknown'}`}.`);
}

/** `Because … we can conclude …` */
function explainResolution(text: string, context: FailureContext): string | undefined {
  const missing = /Because ([\w.-]+) was not found in the (?:package registry|provided package locations|cache)/i.exec(text)?.[1];
  const direct = /(?:and|because) ([\w.-]+) was not found in the (?:package registry|provided package locations|cache)/i.exec(text)?.[1];
  const absent = missing ?? direct;
  if (absent !== undefined) {
    const meant = closestPackage(absent);
    return `There is no package named "${absent}"${neededBy(text, absent)}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}.`;
  }
  const python = /the (?:requested|current) Python version .*?does not satisfy Python(\S+)/i.exec(text)?.[1];
  if (python !== undefined) {
    const whose = /(?:because|and) (\S+) depends on Python/i.exec(text)?.[1] ?? context.requirements[0] ?? 'a package';
    return `"${whose}" needs Python ${python.replace(/[,.]$/, '')}, and cards run on Python ${context.python}.`;
  }
  const unwheeled =
    /(?:all versions of )?([\w.-]+(?:[=<>!~]=?[^\s,]+)?(?: \([^)]*\))?) ha(?:s|ve) no (?:usable wheels|wheels with a matching [^,(]*)/i.exec(
      text,
    );
  if (unwheeled !== null) {
    const which = /all versions of/i.test(unwheeled[0]) ? `any version of "${unwheeled[1]}"` : (unwheeled[1] ?? '').replace('==', ' ');
    return `There is no wheel of ${which} for Python ${context.python} on ${context.platform}; packages that must be built from source are not installed.`;
  }
  const version = /there (?:is|are) (?:no versions?|only [^.]*?) of ([\w.-]+?)(?:\[[^\]]*\])?([=<>!~][^\s]*)/i.exec(text);
  const needs = whoNeedsWhat(text, context);
  if (version !== null && needs.size < 2)
    return `No version of "${version[1]}" fits "${(version[2] ?? '').replace(/[,.]$/, '')}"${neededBy(text, version[1] ?? '')}.`;
  if (needs.size > 0 && /Because/.test(text)) return `The packages do not fit together: ${[...needs].join(', ')}.`;
  return undefined;
}

const neededBy = (text: string, name: string): string => {
  const pattern = new RegExp(`([\\w.-]+(?:==[^\\s,]+)?) depends on ${name.replaceAll('.', '\\.')}\\b`, 'i');
  const by = pattern.exec(text)?.[1];
  return by === undefined ? '' : `, which ${by.replace('==', ' ')} needs`;
};

/** `a needs b<2`, for everything the conflict is made of. */
function whoNeedsWhat(text: string, { baseRequirements }: FailureContext): Set<string> {
  const needs = new Set<string>();
  const comparable = new Set(baseRequirements.map((line) => line.replaceAll(/\s+/g, '').toLowerCase()));
  for (const [, who = '', what = ''] of text.matchAll(
    /(?:all versions of )?([\w.-]+(?:[=<>!~]=?[\w.*!+,<>=~]+)?) depends? on ([\w.[\]-]+(?:[=<>!~][\w.*!+,<>=~]*)?)/g,
  ))
    needs.add(`${who.replace('==', ' ')} needs ${what.replace(/[,.]$/, '')}`);
  for (const [, list = ''] of text.matchAll(/you require ((?:[\w.[\]-]+(?:[=<>!~][\w.*!+,<>=~]*)?(?: and )?)+)/g)) {
    for (const item of list.split(' and ').map((part) => part.trim().replace(/[,.]$/, ''))) {
      if (item === '' || item === 'we') continue;
      needs.add(comparable.has(item) ? `every card gets ${item}` : `the card asks for ${item}`);
    }
  }
  return needs;
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

const lastCause = (details: string): string => {
  const lines = details.split('\n').map((line) => line.trim());
  const line = lines.findLast((candidate) => /^(?:cause|caused by|error):/i.test(candidate)) ?? lines.at(-1) ?? '';
  return line
    .replace(/^(?:cause|caused by|error):\s*/i, '')
    .replace(/[.]$/, '')
    .slice(0, 400);
};

/**
 * How runs may take the result of one node from the cache: the key `cache` in the document. Absent: as the card says.
 * Knows neither runs nor results.
 */
import type * as Y from 'yjs';
import { nodeGone, refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import type { CacheSetting } from './model.ts';
import { isText, kindOf, nodeMap } from './read-values.ts';

const MAX_SECONDS = 10 * 365 * 86_400;
const MAX_SALT = 200;

/** The value of a node's key `cache`; undefined where there is none, or none that can be read. */
export function readCacheSetting(value: unknown, repaired?: string[]): CacheSetting | undefined {
  if (value === undefined) return undefined;
  const setting = typeof value === 'object' && value !== null ? plainSetting(value) : undefined;
  if (!setting) repaired?.push('cache setting');
  return setting;
}

function plainSetting(value: object): CacheSetting | undefined {
  const { off, seconds, salt } = Object.fromEntries(Object.entries(value)) as Record<string, unknown>;
  if (off === true) return { off: true };
  if (off !== undefined) return undefined;
  const isLimit = typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= MAX_SECONDS;
  const isSalt = isText(salt, MAX_SALT) && salt !== '' && !salt.includes('\0');
  if ((seconds !== undefined && !isLimit) || (salt !== undefined && !isSalt)) return undefined;
  if (!isLimit && !isSalt) return undefined;
  return { ...(isLimit && { seconds }), ...(isSalt && { salt }) };
}

/** Undefined: as the card says. */
export function setCacheSetting(doc: Y.Doc, id: string, setting: CacheSetting | undefined, origin: unknown): EditResult {
  const plain = setting && readCacheSetting(setting);
  if (setting && !plain)
    return refuse('invalid', `The cache of a node is off, or has a time limit in seconds, or a salt of at most ${MAX_SALT} characters.`);
  const map = nodeMap(pipelineRoots(doc).nodes.get(id));
  if (!map || kindOf(map) !== 'card') return nodeGone(id);
  doc.transact(() => {
    if (!plain) map.delete('cache');
    else if (JSON.stringify(readCacheSetting(map.get('cache'))) !== JSON.stringify(plain)) map.set('cache', plain);
  }, origin);
  return { ok: true };
}

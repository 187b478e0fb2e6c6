/** Why a step is executed although it was executed before: what of its key is not what it was. Pure. */
import { canonicalJson } from '@ensemble/cards';
import type { JsonValue } from '@ensemble/cards';
import type { CacheKeyParts } from './cache-key.ts';

const LONGEST_VALUE = 40;
/** More would not be read. */
const NAMED = 3;

/** A sentence that begins with “because”, without its end. `sourceOf`: what people call the node behind an input. */
export function becauseOf(before: CacheKeyParts, now: CacheKeyParts, sourceOf: (port: string) => string): string {
  const changes = [
    ...(before.card === now.card ? [] : ['it is another card']),
    ...(before.card === now.card && before.code !== now.code ? ['the card’s code changed'] : []),
    ...changedFields(before.config, now.config),
    ...changedInputs(before.inputs, now.inputs, sourceOf),
    ...(before.environment === now.environment ? [] : ['its Python packages changed']),
    ...(before.salt === now.salt ? [] : ['its salt changed']),
  ];
  // What is upstream of it changes with its inputs: that says nothing more.
  if (changes.length === 0 && before.upstream !== now.upstream) changes.push('something further upstream that it could load changed');
  if (changes.length === 0) changes.push('the cache has a new format');
  const rest = changes.length - NAMED;
  const named = rest > 0 ? [...changes.slice(0, NAMED), `${rest} more things changed`] : changes;
  return `because ${named.length > 1 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named[0]}`;
}

function changedFields(before: CacheKeyParts['config'], now: CacheKeyParts['config']): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].flatMap((name) => {
    const [was, is] = [valueOf(before, name), valueOf(now, name)];
    if (was === undefined || is === undefined) return was === is ? [] : [`\`${name}\` is ${is === undefined ? 'gone' : 'new'}`];
    if (canonicalJson(was) === canonicalJson(is)) return [];
    const [from, to] = [shown(was), shown(is)];
    return [from === undefined || to === undefined ? `\`${name}\` changed` : `\`${name}\` changed ${from} → ${to}`];
  });
}

function changedInputs(before: CacheKeyParts['inputs'], now: CacheKeyParts['inputs'], sourceOf: (port: string) => string): string[] {
  const ports = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...ports].flatMap((port) => {
    const [was, is] = [before[port], now[port]];
    if (!was || !is) return [`input \`${port}\` is ${is ? 'new' : 'gone'}`];
    if (was[0] !== is[0]) return [`input \`${port}\` comes from “${sourceOf(port)}” now`];
    return was[1] === is[1] ? [] : [`input \`${port}\` changed (“${sourceOf(port)}” made other bytes)`];
  });
}

const valueOf = (config: CacheKeyParts['config'], name: string): JsonValue | undefined =>
  Object.hasOwn(config, name) ? config[name] : undefined;

/** Undefined for what is no short value. */
function shown(value: JsonValue): string | undefined {
  if (typeof value === 'object' && value !== null) {
    if (!Array.isArray(value) && typeof value['name'] === 'string' && '$file' in value) return value['name'];
    if (!Array.isArray(value) && '$sha256' in value) return undefined;
  }
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : undefined;
}

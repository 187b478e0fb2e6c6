import type { WireValue } from '@ensemble/protocol';
import { formatNumber } from './format-number.ts';

const MAX_LENGTH = 200;

/** One value as the text of a cell. Never markup: what cards produce is shown as text nodes only. */
export function cellText(value: WireValue, wholeAsDecimal = false): string {
  if (typeof value === 'number') return formatNumber(value, wholeAsDecimal);
  if (value === null) return '–';
  const text = typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : jsonText(value, 0);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** JSON for reading: like `JSON.stringify`, but NaN and infinities keep their names. */
export function jsonText(value: WireValue, indent = 2): string {
  const names: string[] = [];
  const text = JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item !== 'number' || Number.isFinite(item)) return item;
      names.push(String(item));
      return `\u0000${names.length - 1}\u0000`;
    },
    indent,
  );
  return text.replaceAll(/"\\u0000(\d+)\\u0000"/g, (_match, index: string) => names[Number(index)] ?? 'NaN');
}

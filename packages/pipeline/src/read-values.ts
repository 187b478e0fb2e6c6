/** Checks and readings of the small values that a document holds: names, texts, coordinates. Never throws. */
import * as Y from 'yjs';
import { LIMITS } from './layout.ts';
import type { Point, Size } from './model.ts';

/** A node id, card type, field name: not empty, not huge, the same text on every peer, and one that databases can keep. */
export const isName = (value: unknown): value is string => isText(value, LIMITS.nameLength) && value !== '' && !value.includes('\0');

export const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength && value.isWellFormed();

/** `__proto__` would set a prototype in every plain object made of a config. */
export const isFieldName = (value: unknown): value is string => isName(value) && value !== '__proto__';

export const isCoordinate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LIMITS.coordinate;

export const isPoint = (point: Point): boolean => isCoordinate(point.x) && isCoordinate(point.y);

export const isSize = (size: Size): boolean => isCoordinate(size.width) && isCoordinate(size.height) && size.width > 0 && size.height > 0;

/** `undefined` unless the value is an entry of `nodes`; its parts are read separately. */
export const nodeMap = (value: unknown): Y.Map<unknown> | undefined => (value instanceof Y.Map ? (value as Y.Map<unknown>) : undefined);

/** What an entry of `nodes` is; `undefined` for a kind that this version does not know. */
export function kindOf(map: Y.Map<unknown>): 'card' | 'note' | 'frame' | undefined {
  const kind = map.get('kind');
  if (kind === undefined) return 'card';
  return kind === 'note' || kind === 'frame' ? kind : undefined;
}

/** True where an edge can never lead: the entry is a note or a frame. */
export function isAnnotation(value: unknown): boolean {
  const map = nodeMap(value);
  return map !== undefined && (kindOf(map) === 'note' || kindOf(map) === 'frame');
}

// The readers put the name of what they had to replace by a default into `repaired`.

export function readTitle(value: unknown, repaired: string[]): string {
  if (value === undefined) return '';
  if (isText(value, LIMITS.titleLength)) return value;
  repaired.push('title');
  return '';
}

export function readPoint(value: unknown, repaired: string[]): Point {
  if (Array.isArray(value) && isCoordinate(value[0]) && isCoordinate(value[1])) return { x: value[0], y: value[1] };
  repaired.push('position');
  return { x: 0, y: 0 };
}

export function readSize(value: unknown, repaired: string[]): Size | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && isCoordinate(value[0]) && isCoordinate(value[1]) && value[0] > 0 && value[1] > 0) {
    return { width: value[0], height: value[1] };
  }
  repaired.push('size');
  return undefined;
}

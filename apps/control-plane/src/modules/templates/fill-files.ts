/** Puts stored files where a template names files of its folder. Pure. */
import type { ProjectFile } from '@ensemble/protocol';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Every `{"$file": NAME}` whose NAME is among `stored` becomes the field value of that file; all else stays as it is. */
export function fillFiles(value: Json, stored: ReadonlyMap<string, Pick<ProjectFile, 'sha256' | 'name'>>): Json {
  if (Array.isArray(value)) return value.map((item) => fillFiles(item, stored));
  if (typeof value !== 'object' || value === null) return value;
  const file = typeof value.$file === 'string' ? stored.get(value.$file) : undefined;
  if (file) return { $file: file.sha256, name: file.name };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillFiles(item, stored)]));
}

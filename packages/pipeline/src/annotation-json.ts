/** Notes and frames as they come from outside, on the clipboard or in a project folder: checked like any input. */
import * as z from 'zod';
import { ANNOTATION_COLORS, checkNewFrame, checkNewNote } from './annotation.ts';
import type { NewFrame, NewNote } from './annotation.ts';

const Common = z.object({
  id: z.string(),
  position: z.object({ x: z.number(), y: z.number() }),
  size: z.object({ width: z.number(), height: z.number() }).optional(),
  color: z.enum(ANNOTATION_COLORS).optional(),
});
const NoteJson = Common.extend({ text: z.string().optional() });
const FrameJson = Common.extend({ title: z.string().optional() });

/** `undefined` for what could not be written. */
export function parseNote(json: unknown): NewNote | undefined {
  const note = NoteJson.safeParse(json);
  return note.success && !checkNewNote(withoutUndefined(note.data)) ? withoutUndefined(note.data) : undefined;
}

/** `undefined` for what could not be written. */
export function parseFrame(json: unknown): NewFrame | undefined {
  const frame = FrameJson.safeParse(json);
  return frame.success && !checkNewFrame(withoutUndefined(frame.data)) ? withoutUndefined(frame.data) : undefined;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** What JSON leaves out is left out, and never there as `undefined`. */
const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Defined<T>;

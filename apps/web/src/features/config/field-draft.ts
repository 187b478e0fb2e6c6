/**
 * What a person has typed into a field versus what the document holds. A draft stands while it means the
 * stored value or cannot be read yet; when somebody else stores another value, the draft gives way. Pure.
 */
import { isSecretName, isSecretValue } from '@ensemble/cards';
import type { ConfigField, JsonValue } from '@ensemble/cards';

export type Reading = { ok: true; value: JsonValue } | { ok: false; message: string };

/** Reads typed text as a value of the field's type. Never called with blank text for numbers: that clears the field. */
export function readDraft(type: ConfigField['type'], text: string): Reading {
  if (type === 'number' || type === 'integer') {
    const value = Number(text.trim().replace(',', '.'));
    if (text.trim() === '' || !Number.isFinite(value)) return { ok: false, message: 'Type a number, such as 0.2 or 1e-4.' };
    if (type === 'integer' && !Number.isInteger(value)) return { ok: false, message: 'Type a whole number.' };
    return { ok: true, value };
  }
  if (type === 'json') {
    try {
      return { ok: true, value: JSON.parse(text) as JsonValue };
    } catch {
      return { ok: false, message: 'This is not JSON yet. Example: {"depth": 3} or ["a", "b"].' };
    }
  }
  if (type === 'secret') {
    if (isSecretName(text.trim())) return { ok: true, value: { $secret: text.trim() } };
    return { ok: false, message: 'Type the name of a secret in capitals, such as OPENAI_API_KEY, never the secret itself.' };
  }
  return { ok: true, value: text };
}

/** The stored value as text to edit. */
export function textOf(type: ConfigField['type'], value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (type === 'json') return JSON.stringify(value, null, 2);
  // Anything else in such a field may be the secret itself.
  if (type === 'secret') return isSecretValue(value) ? value.$secret : '';
  if (type === 'file' && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const name = value['name'] ?? value['$file'];
    return typeof name === 'string' ? name : '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the input shows: the draft as long as it stands, else the stored value. */
export function shownText(
  type: ConfigField['type'],
  stored: JsonValue | undefined,
  draft: { text: string; over: JsonValue | undefined } | undefined,
): string {
  const storedText = textOf(type, stored);
  if (!draft) return storedText;
  const reading = readDraft(type, draft.text);
  const stands = reading.ok
    ? JSON.stringify(reading.value) === JSON.stringify(stored)
    : JSON.stringify(draft.over) === JSON.stringify(stored);
  return stands ? draft.text : storedText;
}

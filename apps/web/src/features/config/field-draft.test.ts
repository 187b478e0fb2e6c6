import { describe, expect, test } from 'vitest';
import { readDraft, shownText, textOf } from './field-draft.ts';

describe('reading what was typed', () => {
  test('numbers take exponents and a decimal comma; a whole-number field refuses fractions', () => {
    expect(readDraft('number', ' 1e-4 ')).toEqual({ ok: true, value: 0.0001 });
    expect(readDraft('number', '0,25')).toEqual({ ok: true, value: 0.25 });
    expect(readDraft('integer', '1.5')).toMatchObject({ ok: false });
    expect(readDraft('number', '1e')).toMatchObject({ ok: false });
    expect(readDraft('number', 'Infinity')).toMatchObject({ ok: false });
  });

  test('text is taken as it is, JSON is parsed', () => {
    expect(readDraft('string', ' x ')).toEqual({ ok: true, value: ' x ' });
    expect(readDraft('json', '[1, {"a": null}]')).toEqual({ ok: true, value: [1, { a: null }] });
    expect(readDraft('json', '[1,')).toMatchObject({ ok: false });
  });
});

describe('what the input shows', () => {
  test('a draft that means the stored value stands: "0.20" is not rewritten to "0.2" under the cursor', () => {
    expect(shownText('number', 0.2, { text: '0.20', over: undefined })).toBe('0.20');
  });

  test('a half-typed draft stands until somebody else stores another value', () => {
    expect(shownText('number', 0.2, { text: '1e', over: 0.2 })).toBe('1e');
    expect(shownText('number', 0.3, { text: '1e', over: 0.2 })).toBe('0.3');
  });

  test('a complete draft gives way to what a colleague stored after it', () => {
    expect(shownText('number', 0.5, { text: '0.2', over: undefined })).toBe('0.5');
  });

  test('a stored file is shown by its name', () => {
    expect(textOf('file', { $file: 'ab', name: 'churn.csv' })).toBe('churn.csv');
  });
});

test('a secret is its name: whatever else is typed or stored is neither kept nor shown', () => {
  expect(readDraft('secret', ' OPENAI_API_KEY ')).toEqual({ ok: true, value: { $secret: 'OPENAI_API_KEY' } });
  expect(readDraft('secret', 'sk-12345').ok).toBe(false);
  expect(textOf('secret', { $secret: 'OPENAI_API_KEY' })).toBe('OPENAI_API_KEY');
  expect(textOf('secret', 'sk-12345')).toBe('');
  expect(textOf('secret', { $secret: 'sk-12345' })).toBe('');
});

import { TagsInput } from '@mantine/core';
import { listOf, tagsOf } from './field-editor.ts';
import type { InputProps } from './field-input-props.ts';

/** A list of texts or numbers, one tag each. */
export function ListInput({ items, field, label, error, stored, canEdit, write, mark }: InputProps & { items: 'string' | 'number' }) {
  const chosen = tagsOf(stored ?? field.default, items) ?? [];
  return (
    <TagsInput
      label={label}
      aria-label={field.label}
      description={field.description}
      error={error}
      required={field.required}
      withAsterisk={field.required}
      readOnly={!canEdit}
      clearable={canEdit}
      clearButtonProps={{ 'aria-label': `Clear ${field.label}` }}
      placeholder={chosen.length > 0 ? '' : items === 'number' ? 'Type a number, then Enter' : 'Type a value, then Enter'}
      value={chosen}
      acceptValueOnBlur
      splitChars={items === 'number' ? [';', ' '] : []}
      onChange={(next) => write(listOf(next, items))}
      {...mark}
    />
  );
}

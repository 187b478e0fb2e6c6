import { Autocomplete, TagsInput } from '@mantine/core';
import type { OptionsFilter } from '@mantine/core';
import type { TableColumn } from '@ensemble/protocol';
import { listOf, tagsOf } from './field-editor.ts';
import type { InputProps } from './field-input-props.ts';
import { useUpstreamColumns } from './use-upstream-columns.ts';

interface ColumnInputProps extends InputProps {
  nodeId: string;
  port: string | undefined;
}

const UNKNOWN = 'Its columns are offered here once the table upstream is known.';

const option = (columns: readonly TableColumn[], value: string) => {
  const column = columns.find(({ name }) => name === value);
  return (
    <span>
      {value} {column ? <span style={{ color: 'var(--e-dim)', fontSize: 11 }}>{column.type.toLowerCase()}</span> : null}
    </span>
  );
};

/** All columns stay on offer: the name that stands there may be the wrong one. */
const matchesFirst: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLowerCase();
  const fits = (item: (typeof options)[number]) => !('group' in item) && item.value.toLowerCase().includes(wanted);
  return [...options.filter(fits), ...options.filter((item) => !fits(item))];
};

/** One column by name: offered from the table upstream, but any name may be typed, because a table may not be known yet. */
export function ColumnInput({ nodeId, port, field, label, error, stored, canEdit, write, clear, mark }: ColumnInputProps) {
  const columns = useUpstreamColumns(nodeId, port);
  const value = stored ?? field.default;
  const text = typeof value === 'string' ? value : '';
  const names = [...new Set(columns.map(({ name }) => name))];
  return (
    <Autocomplete
      label={label}
      aria-label={field.label}
      description={field.description}
      error={error ?? missing(text === '' ? [] : [text], names)}
      required={field.required}
      withAsterisk={field.required}
      readOnly={!canEdit}
      placeholder={names.length > 0 ? 'Choose a column' : 'Type the name of a column'}
      value={text}
      data={names}
      limit={200}
      maxDropdownHeight={260}
      renderOption={({ option: { value: name } }) => option(columns, name)}
      filter={matchesFirst}
      onChange={(next) => (next === '' && field.default === undefined ? clear() : write(next))}
      {...mark}
    />
  );
}

/** Several columns by name. */
export function ColumnsInput({ nodeId, port, field, label, error, stored, canEdit, write, mark }: ColumnInputProps) {
  const columns = useUpstreamColumns(nodeId, port);
  const names = [...new Set(columns.map(({ name }) => name))];
  const chosen = tagsOf(stored ?? field.default, 'string') ?? [];
  return (
    <TagsInput
      label={label}
      aria-label={field.label}
      description={field.description}
      error={error ?? missing(chosen, names)}
      required={field.required}
      withAsterisk={field.required}
      readOnly={!canEdit}
      clearable={canEdit}
      clearButtonProps={{ 'aria-label': `Clear ${field.label}` }}
      placeholder={chosen.length > 0 ? '' : names.length > 0 ? 'Choose columns' : UNKNOWN}
      value={chosen}
      data={names}
      limit={200}
      maxDropdownHeight={260}
      acceptValueOnBlur
      splitChars={[]}
      renderOption={({ option: { value: name } }) => option(columns, name)}
      onChange={(next) => write(listOf(next, 'string'))}
      {...mark}
    />
  );
}

/** Columns that the table upstream does not have; nothing is said while that table is not known. */
function missing(chosen: readonly string[], names: readonly string[]): string | undefined {
  const absent = names.length === 0 ? [] : chosen.filter((name) => !names.includes(name));
  if (absent.length === 0) return undefined;
  return `The table upstream has no column ${absent.map((name) => `“${name}”`).join(', ')}.`;
}

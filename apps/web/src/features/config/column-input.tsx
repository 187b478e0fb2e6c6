import { Autocomplete, TagsInput, Text } from '@mantine/core';
import type { OptionsFilter } from '@mantine/core';
import type { KnownTable } from '@ensemble/pipeline';
import { useKnownColumns } from '../../shared/session/use-known-columns.ts';
import { listOf, tagsOf } from './field-editor.ts';
import type { InputProps } from './field-input-props.ts';

interface ColumnInputProps extends InputProps {
  nodeId: string;
  port: string | undefined;
}

const UNKNOWN = 'Its columns are offered here once the table upstream is known.';

const option = (table: KnownTable | undefined, value: string) => {
  const type = table?.columns.find(({ name }) => name === value)?.type;
  return (
    <span>
      {value} {type === undefined ? null : <span style={{ color: 'var(--e-dim)', fontSize: 11 }}>{type.toLowerCase()}</span>}
    </span>
  );
};

const namesOf = (table: KnownTable | undefined): string[] => [...new Set(table?.columns.map(({ name }) => name))];

/** All columns stay on offer: the name that stands there may be the wrong one. */
const matchesFirst: OptionsFilter = ({ options, search }) => {
  const wanted = search.trim().toLowerCase();
  const fits = (item: (typeof options)[number]) => !('group' in item) && item.value.toLowerCase().includes(wanted);
  return [...options.filter(fits), ...options.filter((item) => !fits(item))];
};

/** One column by name: offered from the table at the input, but any name may be typed, because a table may not be known yet. */
export function ColumnInput({ nodeId, port, field, label, error, stored, canEdit, write, clear, mark }: ColumnInputProps) {
  const table = useKnownColumns(nodeId, 'input', port);
  const value = stored ?? field.default;
  const text = typeof value === 'string' ? value : '';
  const names = namesOf(table);
  return (
    <>
      <Autocomplete
        label={label}
        aria-label={field.label}
        description={field.description}
        error={error}
        required={field.required}
        withAsterisk={field.required}
        readOnly={!canEdit}
        placeholder={names.length > 0 ? 'Choose a column' : 'Type the name of a column'}
        value={text}
        data={names}
        limit={200}
        maxDropdownHeight={260}
        renderOption={({ option: { value: name } }) => option(table, name)}
        filter={matchesFirst}
        onChange={(next) => (next === '' && field.default === undefined ? clear() : write(next))}
        {...mark}
      />
      <Doubt table={table} />
    </>
  );
}

/** Several columns by name. */
export function ColumnsInput({ nodeId, port, field, label, error, stored, canEdit, write, mark }: ColumnInputProps) {
  const table = useKnownColumns(nodeId, 'input', port);
  const names = namesOf(table);
  const chosen = tagsOf(stored ?? field.default, 'string') ?? [];
  return (
    <>
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
        placeholder={chosen.length > 0 ? '' : names.length > 0 ? 'Choose columns' : UNKNOWN}
        value={chosen}
        data={names}
        limit={200}
        maxDropdownHeight={260}
        acceptValueOnBlur
        splitChars={[]}
        renderOption={({ option: { value: name } }) => option(table, name)}
        onChange={(next) => write(listOf(next, 'string'))}
        {...mark}
      />
      <Doubt table={table} />
    </>
  );
}

/** Says when the columns on offer are a guess. */
function Doubt({ table }: { table: KnownTable | undefined }) {
  if (!table || table.certain) return null;
  return (
    <Text size="xs" c="var(--e-dim)" mt={4}>
      The columns offered are a guess from what is known; a run will tell.
    </Text>
  );
}

import { ActionIcon, Group, NativeSelect, Switch, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import type { ConfigField, JsonValue } from '@ensemble/cards';
import { isFileValue } from '@ensemble/cards';
import { removeConfigField, setConfigField } from '@ensemble/pipeline';
import type { ProjectedNode } from '@ensemble/pipeline';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { ColumnInput, ColumnsInput } from './column-input.tsx';
import { EditedBy } from './edited-by.tsx';
import { editorOf, tagsOf } from './field-editor.ts';
import type { FileFieldSlot, InputProps } from './field-input-props.ts';
import { ListInput } from './list-input.tsx';
import { readDraft, shownText, textOf } from './field-draft.ts';
import { useEditingMark } from './use-editing-mark.ts';
import { useWantedFocus } from './use-wanted-focus.ts';

interface FieldProps {
  node: ProjectedNode;
  field: ConfigField;
  error: string | undefined;
  FileField: FileFieldSlot;
}

/** One config field as the manifest describes it. */
export function ConfigFieldEditor({ node, field, error, FileField }: FieldProps) {
  const { doc, origin, watch, canEdit, projectId } = usePipelineSession();
  const mark = useEditingMark(node.id, field.name);
  const box = useWantedFocus(node.id, field.name);
  const stored = node.config[field.name];
  const write = (value: JsonValue) => {
    setConfigField(doc, node.id, field.name, value, origin);
    watch.flush();
  };
  const clear = () => {
    removeConfigField(doc, node.id, field.name, origin);
    watch.flush();
  };
  const label: ReactNode = (
    <>
      {field.label}
      <EditedBy nodeId={node.id} field={field.name} />
    </>
  );
  const shared = { field, label, error, stored, canEdit, write, clear, mark };
  const reset =
    stored !== undefined && canEdit ? (
      <Tooltip label={field.default === undefined ? 'Clear this field' : `Reset to ${textOf(field.type, field.default)}`}>
        <ActionIcon size="sm" aria-label={`Reset ${field.label}`} onClick={clear}>
          <RotateCcw size={13} aria-hidden />
        </ActionIcon>
      </Tooltip>
    ) : null;
  return (
    <Group align="flex-start" gap={6} wrap="nowrap">
      <div ref={box} style={{ flex: 1, minWidth: 0 }}>
        {field.type === 'file' ? (
          <FileField
            projectId={projectId}
            label={label}
            name={field.label}
            description={field.description}
            error={error}
            required={field.required}
            canEdit={canEdit}
            chosen={isFileValue(stored) ? stored : undefined}
            onChoose={({ $file, name }) => write({ $file, name })}
            onClear={clear}
            {...mark}
          />
        ) : (
          <FieldInput node={node} {...shared} />
        )}
      </div>
      <div style={{ width: 24, paddingTop: field.type === 'boolean' ? 0 : 28 }}>{reset}</div>
    </Group>
  );
}

function FieldInput({ node, ...props }: InputProps & { node: ProjectedNode }) {
  const { field, stored } = props;
  const editor = editorOf(node.manifest ?? { configSchema: {}, inputs: [] }, field);
  if (editor.kind === 'column') return <ColumnInput nodeId={node.id} port={editor.port} {...props} />;
  // What tags cannot hold is edited as JSON, so that nothing is lost.
  if (editor.kind === 'columns' && tagsOf(stored, 'string')) return <ColumnsInput nodeId={node.id} port={editor.port} {...props} />;
  if (editor.kind === 'list' && tagsOf(stored, editor.items)) return <ListInput items={editor.items} {...props} />;
  if (field.options && field.options.length > 0) return <ChoiceInput {...props} />;
  if (field.type === 'boolean') return <BooleanInput {...props} />;
  return <TypedInput {...props} />;
}

/** Choices are addressed by their place in the list, because they may be of any JSON type. */
function ChoiceInput({ field, label, error, stored, canEdit, write, clear, mark }: InputProps) {
  const options = field.options ?? [];
  const indexOf = (value: JsonValue | undefined) => options.findIndex((option) => JSON.stringify(option) === JSON.stringify(value));
  const current = indexOf(stored ?? field.default);
  const foreign = stored !== undefined && current < 0;
  return (
    <NativeSelect
      label={label}
      aria-label={field.label}
      description={field.description}
      error={error}
      disabled={!canEdit}
      value={foreign ? 'foreign' : current < 0 ? '' : String(current)}
      data={[
        ...(current < 0 && !foreign ? [{ value: '', label: 'Choose…' }] : []),
        ...(foreign ? [{ value: 'foreign', label: `${textOf('string', stored)} (not a choice)`, disabled: true }] : []),
        ...options.map((option, index) => ({ value: String(index), label: textOf('string', option) })),
      ]}
      onChange={(event) => {
        const chosen = options[Number(event.currentTarget.value)];
        if (event.currentTarget.value === '' || chosen === undefined) clear();
        else write(chosen);
      }}
      {...mark}
    />
  );
}

function BooleanInput({ field, label, error, stored, canEdit, write, mark }: InputProps) {
  return (
    <Switch
      label={label}
      aria-label={field.label}
      description={field.description}
      error={error}
      disabled={!canEdit}
      checked={(stored ?? field.default) === true}
      onChange={(event) => write(event.currentTarget.checked)}
      {...mark}
    />
  );
}

const ABOUT_SECRETS = 'Only the name is kept in the pipeline; the value is handed to the card when it runs.';

function TypedInput({ field, label, error, stored, canEdit, write, clear, mark }: InputProps) {
  const [draft, setDraft] = useState<{ text: string; over: JsonValue | undefined }>();
  const shown = shownText(field.type, stored, draft);
  const clearsWhenBlank = field.type !== 'string';
  const reading = shown === '' && clearsWhenBlank ? undefined : readDraft(field.type, shown);
  const onText = (text: string) => {
    setDraft({ text, over: stored });
    if (text.trim() === '' && clearsWhenBlank) clear();
    else {
      const next = readDraft(field.type, text);
      if (next.ok) write(next.value);
    }
  };
  const byDefault = textOf(field.type, field.default);
  const hint = field.type === 'secret' ? ABOUT_SECRETS : byDefault === '' ? undefined : `Default: ${byDefault}`;
  const below = [rangeOf(field), hint].filter(Boolean).join(' · ');
  const shared = {
    label,
    'aria-label': field.label,
    description: field.description,
    error: reading && !reading.ok && draft ? reading.message : error,
    readOnly: !canEdit,
    required: field.required,
    withAsterisk: field.required,
    placeholder: field.type === 'secret' ? 'Name of a secret' : byDefault,
    value: shown,
    onFocus: mark.onFocus,
    onBlur: () => {
      setDraft(undefined);
      mark.onBlur();
    },
  };
  const input =
    field.type === 'json' ? (
      <Textarea
        {...shared}
        autosize
        minRows={2}
        maxRows={12}
        styles={{ input: { fontFamily: 'var(--e-mono)', fontSize: 12 } }}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    ) : (
      <TextInput
        {...shared}
        inputMode={field.type === 'number' || field.type === 'integer' ? 'decimal' : 'text'}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    );
  return (
    <>
      {input}
      {below === '' ? null : (
        <Text size="xs" c="var(--e-dim)" mt={4}>
          {below}
        </Text>
      )}
    </>
  );
}

function rangeOf({ minimum, maximum }: ConfigField): string | undefined {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  return maximum === undefined ? undefined : `at most ${maximum}`;
}

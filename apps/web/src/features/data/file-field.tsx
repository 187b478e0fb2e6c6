import { Button, FileButton, Group, Input, NativeSelect, Text } from '@mantine/core';
import type { ProjectFileDetail } from '@ensemble/protocol';
import { Upload } from 'lucide-react';
import type { FocusEventHandler, ReactNode } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { useFiles } from '../../shared/api/data-queries.ts';
import { TABLE_FILES, fileFacts } from './file-facts.ts';
import { useUpload } from './use-upload.ts';

export interface FileFieldProps {
  projectId: string;
  label: ReactNode;
  /** The plain label, for screen readers. */
  name: string;
  description: string | undefined;
  error: ReactNode;
  required: boolean;
  canEdit: boolean;
  chosen: { $file: string; name: string } | undefined;
  onChoose: (value: { $file: string; name: string }) => void;
  onClear: () => void;
  onFocus: FocusEventHandler;
  onBlur: FocusEventHandler;
}

const same = (file: ProjectFileDetail, chosen: FileFieldProps['chosen']) => file.sha256 === chosen?.$file && file.name === chosen.name;

/** A config field whose value is a file of the project: one that is there, or a new one, whose progress the page shows. */
export function FileField({ projectId, chosen, onChoose, onClear, canEdit, ...field }: FileFieldProps) {
  const files = useFiles(projectId);
  const upload = useUpload(projectId);
  const list = files.data ?? [];
  const found = list.find((file) => same(file, chosen)) ?? list.find((file) => file.sha256 === chosen?.$file);
  const choose = (file: ProjectFileDetail) => onChoose({ $file: file.sha256, name: file.name });
  const send = async (file: File | null) => {
    const stored = file ? await upload(file) : undefined;
    if (stored) choose(stored);
  };
  const value = found ? found.id : chosen ? 'elsewhere' : '';
  return (
    <Input.Wrapper
      label={field.label}
      description={field.description}
      error={field.error}
      required={field.required}
      withAsterisk={field.required}
    >
      <Group gap={6} wrap="nowrap" mt={4} align="center">
        <NativeSelect
          style={{ flex: 1, minWidth: 0 }}
          aria-label={field.name}
          disabled={!canEdit}
          error={Boolean(field.error)}
          value={value}
          data={[
            ...(value === ''
              ? [
                  {
                    value: '',
                    label: files.isPending ? 'Reading the files…' : list.length === 0 ? 'No file in this project yet' : 'Choose a file…',
                  },
                ]
              : []),
            ...(chosen && !found ? [{ value: 'elsewhere', label: `${chosen.name} (not in this list)` }] : []),
            ...list.map((file) => ({ value: file.id, label: `${file.name} · ${fileFacts(file)}` })),
          ]}
          onChange={(event) => {
            const file = list.find(({ id }) => id === event.currentTarget.value);
            if (file) choose(file);
            else if (event.currentTarget.value === '') onClear();
          }}
          onFocus={field.onFocus}
          onBlur={field.onBlur}
        />
        {canEdit ? (
          <FileButton accept={TABLE_FILES} onChange={(file) => void send(file)} inputProps={{ 'aria-label': `File for ${field.name}` }}>
            {(props) => (
              <Button {...props} variant="default" px={10} leftSection={<Upload size={14} aria-hidden />}>
                Upload
              </Button>
            )}
          </FileButton>
        ) : null}
      </Group>
      {found ? (
        <Text size="xs" c="var(--e-dim)" mt={4}>
          {fileFacts(found)}
        </Text>
      ) : null}
      {files.isError ? (
        <Text size="xs" c="var(--e-bad)" mt={4}>
          {sentenceOf(files.error)}
        </Text>
      ) : null}
    </Input.Wrapper>
  );
}

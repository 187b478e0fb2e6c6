import { ActionIcon, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import type { ProjectFileDetail } from '@ensemble/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { FileQuestion, FileSpreadsheet, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { dataApi } from '../../shared/api/data-api.ts';
import { filesKey, useFiles } from '../../shared/api/data-queries.ts';
import { fileTable } from '../../shared/api/table-source.ts';
import { TableDialog } from '../../shared/table/table-dialog.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatMoment } from '../../shared/ui/times.ts';
import classes from './data.module.css';
import { DropZone } from './drop-zone.tsx';
import { fileFacts } from './file-facts.ts';
import { UploadList } from './upload-list.tsx';
import { useUpload } from './use-upload.ts';

/** The files of a project: what is in them, a look inside, and new ones by dropping. */
export function ProjectFiles({ projectId, mayUpload }: { projectId: string; mayUpload: boolean }) {
  const files = useFiles(projectId);
  const upload = useUpload(projectId);
  const [opened, setOpened] = useState<ProjectFileDetail>();
  return (
    <section aria-label="Files">
      <Title order={2} size="h5" mb="xs">
        Files
      </Title>
      <Stack gap="sm">
        {mayUpload ? (
          <DropZone onFiles={(chosen) => chosen.forEach((file) => void upload(file))}>
            Drop CSV, TSV, JSON, Parquet or Excel files here. They stay in this project.
          </DropZone>
        ) : null}
        <UploadList projectId={projectId} />
        {files.isPending ? (
          <Stack gap={8} role="status" aria-label="Loading the files">
            <Skeleton height={50} radius={10} />
            <Skeleton height={50} radius={10} />
          </Stack>
        ) : null}
        {files.isError ? <FailureNote error={files.error} onRetry={() => void files.refetch()} /> : null}
        {files.data?.length === 0 ? (
          <Text size="sm" c="var(--e-dim)">
            {mayUpload ? 'No file yet. Each one you drop can be loaded by a card of every pipeline here.' : 'This project has no files.'}
          </Text>
        ) : null}
        {files.data && files.data.length > 0 ? (
          <ul className={classes['files']} aria-label="Files">
            {files.data.map((file) => (
              <FileRow key={file.id} projectId={projectId} file={file} mayRemove={mayUpload} onOpen={() => setOpened(file)} />
            ))}
          </ul>
        ) : null}
      </Stack>
      <TableDialog
        source={opened ? fileTable(projectId, opened.id) : undefined}
        name={opened?.name ?? ''}
        onClose={() => setOpened(undefined)}
      />
    </section>
  );
}

interface FileRowProps {
  projectId: string;
  file: ProjectFileDetail;
  mayRemove: boolean;
  onOpen: () => void;
}

function FileRow({ projectId, file, mayRemove, onOpen }: FileRowProps) {
  const client = useQueryClient();
  const remove = async () => {
    try {
      await dataApi.removeFile(projectId, file.id);
      await client.invalidateQueries({ queryKey: filesKey(projectId) });
    } catch (error) {
      notifications.show({ color: 'red', title: `${file.name} was not removed`, message: sentenceOf(error) });
    }
  };
  const ask = () =>
    modals.openConfirmModal({
      title: `Remove ${file.name}?`,
      children: <Text size="sm">It leaves this list. Runs and cards that use it keep its content.</Text>,
      labels: { confirm: 'Remove', cancel: 'Keep' },
      confirmProps: { color: 'red' },
      onConfirm: () => void remove(),
    });
  const readable = file.profile === null || file.profile.table !== null;
  const Icon = readable ? FileSpreadsheet : FileQuestion;
  const facts = fileFacts(file);
  const note = file.profile?.note;
  return (
    <li className={classes['file']}>
      <Icon size={17} aria-hidden className={classes['fileIcon']} />
      <div className={classes['fileText']}>
        {readable ? (
          <button type="button" className={classes['fileOpen']} aria-label={`Look into ${file.name}, ${facts}`} onClick={onOpen}>
            {file.name}
          </button>
        ) : (
          <span className={classes['fileName']}>{file.name}</span>
        )}
        <span className={classes['note']}>
          {facts} · {formatMoment(file.createdAt)}
        </span>
        {note ? <span className={classes['warn']}>{note}</span> : null}
      </div>
      {mayRemove ? (
        <Tooltip label="Remove from the project">
          <ActionIcon aria-label={`Remove ${file.name}`} onClick={ask}>
            <Trash2 size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </li>
  );
}

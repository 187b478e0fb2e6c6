import { Alert, Button, FileButton, Group, Modal, Progress, ScrollArea, Stack, Text } from '@mantine/core';
import { FolderInput, FolderOpen, Package, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiFailure, sentenceOf } from '../../shared/api/api-client.ts';
import { bringsFiles, chosenFolder, droppedFiles, type Dropped } from './dropped-files.ts';
import { ImportReport } from './import-report.tsx';
import classes from './transfer.module.css';
import type { ImportState } from './use-import.ts';

interface ImportDialogProps {
  opened: boolean;
  /** Where it goes, as people say it: `a new project`, `“Churn”`. */
  target: string;
  state: ImportState;
  onStart: (dropped: Dropped) => void;
  onReset: () => void;
  onClose: () => void;
}

/** Takes a folder or a zip, shows how far it is, and then what was made of it. */
export function ImportDialog({ opened, target, state, onStart, onReset, onClose }: ImportDialogProps) {
  const navigate = useNavigate();
  const close = () => {
    onReset();
    onClose();
  };
  const title = state.at === 'done' ? `Imported into “${state.report.projectName}”` : `Import into ${target}`;
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      size="lg"
      scrollAreaComponent={ScrollArea.Autosize}
      closeOnClickOutside={state.at !== 'working'}
    >
      {state.at === 'waiting' ? <ChooseFiles message={state.message} onStart={onStart} /> : null}
      {state.at === 'working' ? <Working state={state} onCancel={onReset} /> : null}
      {state.at === 'failed' ? (
        <Stack>
          <Failure name={state.name} error={state.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <Button onClick={onReset}>Try another</Button>
          </Group>
        </Stack>
      ) : null}
      {state.at === 'done' ? (
        <Stack>
          <ImportReport report={state.report} />
          <Group justify="flex-end" gap="xs" className={classes['footer']}>
            <Button variant="default" onClick={close}>
              Close
            </Button>
            <Button
              data-autofocus
              onClick={() => {
                const [first] = state.report.pipelines;
                close();
                void navigate(first ? `/pipelines/${first.pipelineId}` : `/projects/${state.report.projectId}`);
              }}
            >
              {state.report.pipelines.length > 0 ? 'Open the pipeline' : 'Open the project'}
            </Button>
          </Group>
        </Stack>
      ) : null}
    </Modal>
  );
}

function ChooseFiles({ message, onStart }: { message: string | undefined; onStart: (dropped: Dropped) => void }) {
  const [over, setOver] = useState(false);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <Stack gap="sm">
      <div
        className={classes['zone']}
        data-over={over || undefined}
        onDragOver={(event) => {
          if (!bringsFiles(event.dataTransfer)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          if (!bringsFiles(event.dataTransfer)) return;
          event.preventDefault();
          setOver(false);
          void droppedFiles(event.dataTransfer).then(onStart);
        }}
      >
        <FolderInput size={28} aria-hidden />
        <span className={classes['zoneTitle']}>Drop a project folder or a zip here</span>
        <span>
          A folder holds <code>_pipeline.json</code> and card files in <code>cards/</code>: from TensorRag, or an export of Ensemble.
        </span>
        <div className={classes['zoneButtons']}>
          <FileButton
            accept=".zip,application/zip"
            onChange={(file) => file && onStart({ kind: 'zip', file })}
            inputProps={{ 'aria-label': 'Zip to import' }}
          >
            {(props) => (
              <Button {...props} size="xs" variant="default" leftSection={<Package size={14} aria-hidden />}>
                Choose a zip
              </Button>
            )}
          </FileButton>
          <Button size="xs" variant="default" leftSection={<FolderOpen size={14} aria-hidden />} onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
          <input
            ref={folder}
            type="file"
            hidden
            aria-label="Folder to import"
            {...{ webkitdirectory: '' }}
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              if (files.length > 0) onStart(chosenFolder(files));
            }}
          />
        </div>
      </div>
      {message === undefined ? null : (
        <Alert color="yellow" icon={<TriangleAlert size={16} aria-hidden />}>
          {message}
        </Alert>
      )}
      <Text size="xs" c="var(--e-dim)">
        Importing runs nothing. Either all of it comes in, or nothing does.
      </Text>
    </Stack>
  );
}

function Working({ state, onCancel }: { state: Extract<ImportState, { at: 'working' }>; onCancel: () => void }) {
  const { name, progress } = state;
  const said = { packing: 'Packing', sending: 'Sending', checking: 'Checking' }[progress.phase];
  const share = progress.phase === 'sending' ? Math.round(progress.share * 100) : 100;
  return (
    <div className={classes['progress']} role="status">
      <Text size="sm">
        {said} {name}
        {progress.phase === 'sending' ? `: ${share} %` : '…'}
      </Text>
      <Progress value={share} animated={progress.phase !== 'sending'} aria-label={`${said} ${name}`} />
      <Group justify="flex-end">
        <Button size="xs" variant="default" disabled={progress.phase === 'checking'} onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </div>
  );
}

function Failure({ name, error }: { name: string; error: unknown }) {
  const problems = error instanceof ApiFailure ? error.problems : [];
  return (
    <Alert color="red" icon={<TriangleAlert size={16} aria-hidden />} title={`${name} was not imported`}>
      {sentenceOf(error)}
      {problems.length > 1 ? (
        <ul className={classes['problems']}>
          {problems.map(({ message }, index) => (
            <li key={`${index} ${message}`}>{message}</li>
          ))}
        </ul>
      ) : null}
    </Alert>
  );
}

import { Button } from '@mantine/core';
import { FolderInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { bringsFiles, droppedFiles } from './dropped-files.ts';
import { ImportDialog } from './import-dialog.tsx';
import classes from './transfer.module.css';
import { useImport } from './use-import.ts';

/**
 * The button that imports, and the whole window as the place to drop a folder or zip on. Into the project, or into a new one.
 * Places of the page that take files themselves keep theirs.
 */
export function ImportHere({ projectId, projectName }: { projectId?: string; projectName?: string }) {
  const { state, start, reset } = useImport(projectId);
  const [opened, setOpened] = useState(false);
  const [over, setOver] = useState(false);
  const target = projectId === undefined ? 'a new project' : `“${projectName ?? 'this project'}”`;

  useEffect(() => {
    if (opened) return undefined;
    const drag = (event: DragEvent): void => {
      // A drop zone on the page has taken it.
      const taken = event.defaultPrevented;
      const brings = event.dataTransfer !== null && bringsFiles(event.dataTransfer);
      setOver(brings && !taken);
      if (brings && !taken) event.preventDefault();
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (event.defaultPrevented || event.dataTransfer === null || !bringsFiles(event.dataTransfer)) return;
      event.preventDefault();
      const dropped = droppedFiles(event.dataTransfer);
      setOpened(true);
      void dropped.then(start);
    };
    window.addEventListener('dragover', drag);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', drag);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  });

  return (
    <>
      <Button variant="default" leftSection={<FolderInput size={16} aria-hidden />} onClick={() => setOpened(true)}>
        Import
      </Button>
      {over ? (
        <div className={classes['overlay']}>
          <div className={classes['overlayCard']}>
            <FolderInput size={34} aria-hidden />
            Drop it to import it into {target}
            <span className={classes['overlayNote']}>A project folder, or a zip of one</span>
          </div>
        </div>
      ) : null}
      <ImportDialog
        opened={opened}
        target={target}
        state={state}
        onStart={(dropped) => void start(dropped)}
        onReset={reset}
        onClose={() => setOpened(false)}
      />
    </>
  );
}

import { ActionIcon, Tooltip } from '@mantine/core';
import { FolderOutput, Redo2, Undo2 } from 'lucide-react';
import { Link } from 'react-router';
import { useCommands } from '../features/commands/command-registry.ts';
import { ExportMenu } from '../features/transfer/export-menu.tsx';
import { RunButton } from '../features/runs/run-button.tsx';
import { usePipelineSession } from '../shared/session/pipeline-session.ts';
import { useUndo } from '../shared/session/use-undo.ts';
import { AccountMenu, Brand } from '../shared/ui/page-shell.tsx';
import { ThemeToggle } from '../shared/ui/theme-toggle.tsx';
import classes from './editor.module.css';
import { PeopleHere } from './people-here.tsx';
import { PipelineTitle } from './pipeline-title.tsx';
import { SaveIndicator } from './save-indicator.tsx';

export function TopBar({ title, projectName, mayRun }: { title: string; projectName: string; mayRun: boolean }) {
  const { projectId, pipelineId, canEdit, live } = usePipelineSession();
  const { canUndo, canRedo, undo, redo } = useUndo();
  // While there is nothing to undo the keys still are ours: the browser would change a text field that is not in sight.
  useCommands(canEdit ? { 'edit.undo': undo, 'edit.redo': redo } : {});
  return (
    <header className={classes['top']}>
      <Brand />
      <nav className={classes['crumbs']} aria-label="Where you are">
        <span className={classes['slash']} aria-hidden>
          /
        </span>
        <Link className={classes['crumb']} to={`/projects/${projectId}`}>
          {projectName}
        </Link>
        <span className={classes['slash']} aria-hidden>
          /
        </span>
      </nav>
      <PipelineTitle title={title} />
      <SaveIndicator live={live} />
      <span className={classes['spacer']} />
      <PeopleHere />
      <Tooltip label="Undo my last step (Ctrl+Z)">
        <ActionIcon size="lg" aria-label="Undo" disabled={!canUndo} onClick={undo}>
          <Undo2 size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo (Ctrl+Shift+Z)">
        <ActionIcon size="lg" aria-label="Redo" disabled={!canRedo} onClick={redo}>
          <Redo2 size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <span className={classes['divider']} aria-hidden />
      <ExportMenu projectId={projectId} pipelineId={pipelineId}>
        <ActionIcon size="lg" aria-label="Export" title="Export as a script or a zip">
          <FolderOutput size={17} aria-hidden />
        </ActionIcon>
      </ExportMenu>
      <ThemeToggle />
      <AccountMenu />
      <span className={classes['divider']} aria-hidden />
      <RunButton mayRun={mayRun} />
    </header>
  );
}

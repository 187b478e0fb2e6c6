import { Button, SegmentedControl } from '@mantine/core';
import type { RunSummary } from '@ensemble/protocol';
import { ArrowRight, History } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { Canvas } from '../features/canvas/canvas.tsx';
import { CommandHost } from '../features/commands/command-host.tsx';
import { PortPeek } from '../features/results/port-peek.tsx';
import { RunsPanel } from '../features/runs/runs-panel.tsx';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import { usePipelineSession } from '../shared/session/pipeline-session.ts';
import { AccountMenu, Brand } from '../shared/ui/page-shell.tsx';
import { ThemeToggle } from '../shared/ui/theme-toggle.tsx';
import { formatMoment } from '../shared/ui/times.ts';
import classes from './editor.module.css';
import { NodePanel } from './node-panel.tsx';
import past from './past-run.module.css';

/** The layout of an old run: no palette, no undo, nothing to start; the canvas and the details as everywhere. */
export function PastRunFrame({ run, pipelineName, projectName }: { run: RunSummary; pipelineName: string; projectName: string }) {
  const { projectId, pipelineId, watch } = usePipelineSession();
  const { panel, showPanel } = useEditorUi();
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    // The canvas starts with what is there, so that it can bring all of it into view.
    watch.flush();
    // oxlint-disable-next-line react/set-state-in-effect -- refreshing the projection wakes other components, so it cannot happen while rendering
    setOpened(true);
  }, [watch]);
  return (
    <div className={past['frame']}>
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
          <Link className={classes['crumb']} to={`/pipelines/${pipelineId}`}>
            {pipelineName}
          </Link>
          <span className={classes['slash']} aria-hidden>
            /
          </span>
          <h1 className={past['title']}>Run {run.number}</h1>
        </nav>
        <span className={classes['spacer']} />
        <ThemeToggle />
        <AccountMenu />
      </header>
      <div className={past['banner']} role="status">
        <History size={16} aria-hidden />
        <span className={past['bannerText']}>
          <b>
            Run {run.number} of {formatMoment(run.createdAt)} by {run.starter.name}, as it was.
          </b>{' '}
          Nothing can be changed here, and nothing here changes the pipeline.
        </span>
        <Button size="xs" component={Link} to={`/pipelines/${pipelineId}`} rightSection={<ArrowRight size={13} aria-hidden />}>
          Back to the present
        </Button>
      </div>
      <main className={classes['centre']}>{opened ? <Canvas onFiles={() => undefined} PortPeek={PortPeek} /> : null}</main>
      <aside className={classes['right']} aria-label="Details">
        <div className={classes['panels']}>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Side panel"
            value={panel === 'node' ? 'node' : 'runs'}
            onChange={(value) => showPanel(value === 'node' ? 'node' : 'runs')}
            data={[
              { value: 'node', label: 'Card' },
              { value: 'runs', label: 'Runs' },
            ]}
          />
        </div>
        <div className={classes['panel']}>{panel === 'node' ? <NodePanel /> : <RunsPanel latestRunId={undefined} />}</div>
      </aside>
      <CommandHost mayRun={false} />
    </div>
  );
}

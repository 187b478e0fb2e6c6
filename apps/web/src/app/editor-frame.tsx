import { SegmentedControl } from '@mantine/core';
import { Eye, TriangleAlert } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { nameOfNote } from '../features/canvas/flow-annotations.ts';
import { cardSize } from '../features/canvas/geometry.ts';
import { CommandHost } from '../features/commands/command-host.tsx';
import { useCommands } from '../features/commands/command-registry.ts';
import { Outline } from '../features/outline/outline.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { ProblemsPanel } from '../features/problems/problems-panel.tsx';
import { ProblemFix } from '../features/repair/problem-fix.tsx';
import { RunsPanel } from '../features/runs/runs-panel.tsx';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { useGraphView, usePipelineSession } from '../shared/session/pipeline-session.ts';
import { useStore } from '../shared/session/use-store.ts';
import classes from './editor.module.css';
import { FileCanvas } from './file-canvas.tsx';
import { NodePanel } from './node-panel.tsx';
import { TopBar } from './top-bar.tsx';

interface EditorFrameProps {
  title: string;
  projectName: string;
  /** The project's index, for the palette. */
  index: LiveDocument;
  latestRunId: string | undefined;
  mayRun: boolean;
}

/** The editor's layout: top bar, palette, canvas, side panel. */
export const EditorFrame = memo(function EditorFrame({ title, projectName, index, latestRunId, mayRun }: EditorFrameProps) {
  const { live, watch } = usePipelineSession();
  const { graph } = useGraphView();
  const facts = useStore(live.facts);
  const indexFacts = useStore(index.facts);
  const readable = facts.everSynced || graph.nodes.length > 0 || facts.refusal !== undefined;
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    if (!readable) return;
    // The canvas starts with what is there, so that it can bring all of it into view.
    watch.flush();
    // oxlint-disable-next-line react/set-state-in-effect -- refreshing the projection wakes other components, so it cannot happen while rendering
    setOpened(true);
  }, [readable, watch]);
  return (
    <div className={classes['editor']}>
      <TopBar title={title} projectName={projectName} mayRun={mayRun} />
      <LeftSide loading={!indexFacts.everSynced} />
      <main className={classes['centre']}>
        {opened ? <FileCanvas /> : <div role="status" aria-label="Opening the pipeline" />}
        <CanvasNote />
      </main>
      <SidePanelFrame latestRunId={latestRunId} />
      <CommandHost mayRun={mayRun} />
    </div>
  );
});

/** The cards to add, or what is there as a list. */
function LeftSide({ loading }: { loading: boolean }) {
  const left = useEditorUi((ui) => ui.left);
  const showLeft = useEditorUi((ui) => ui.showLeft);
  const side = useRef<HTMLDivElement>(null);
  useCommands({
    'panel.cards': () => showLeft('cards'),
    'panel.outline': () => {
      // The list is there at once, so that its focus can be taken.
      flushSync(() => showLeft('outline'));
      side.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus();
    },
  });
  return (
    <div className={classes['left']} ref={side}>
      <div className={classes['leftTabs']}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Left panel"
          value={left}
          onChange={(value) => showLeft(value)}
          data={[
            { value: 'cards', label: 'Cards' },
            { value: 'outline', label: 'Outline' },
          ]}
        />
      </div>
      <div className={classes['leftBody']}>
        {left === 'cards' ? <Palette loading={loading} /> : <Outline sizeOf={cardSize} nameOfNote={nameOfNote} />}
      </div>
    </div>
  );
}

/** Why editing does not work here, when it does not. */
function CanvasNote() {
  const { canEdit, live } = usePipelineSession();
  const { refusal } = useStore(live.facts);
  if (refusal) {
    return (
      <div className={classes['note']} role="alert">
        <TriangleAlert size={15} aria-hidden />
        {refusal === 'unauthorized'
          ? 'You are signed out. Open your link again to go on.'
          : 'You no longer have access to this pipeline. Ask an owner of the project.'}
      </div>
    );
  }
  if (canEdit) return null;
  return (
    <div className={classes['note']}>
      <Eye size={15} aria-hidden />
      You are viewing. To edit or run, ask an owner of this project for editor rights.
    </div>
  );
}

function SidePanelFrame({ latestRunId }: { latestRunId: string | undefined }) {
  const { graph } = useGraphView();
  const { panel, showPanel } = useEditorUi();
  const count = graph.problems.length;
  return (
    <aside className={classes['right']} aria-label="Details">
      <div className={classes['panels']}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label="Side panel"
          value={panel}
          onChange={(value) => showPanel(value)}
          data={[
            { value: 'node', label: 'Card' },
            { value: 'runs', label: 'Runs' },
            { value: 'problems', label: count === 0 ? 'Problems' : `Problems (${count})` },
          ]}
        />
      </div>
      <div className={classes['panel']}>
        {panel === 'node' ? <NodePanel /> : null}
        {panel === 'runs' ? <RunsPanel latestRunId={latestRunId} /> : null}
        {panel === 'problems' ? <ProblemsPanel renderFix={(problem) => <ProblemFix problem={problem} />} /> : null}
      </div>
    </aside>
  );
}

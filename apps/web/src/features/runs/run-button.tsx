import { Button, Tooltip, UnstyledButton } from '@mantine/core';
import { Play, Square } from 'lucide-react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import classes from './runs.module.css';
import { useRunControl } from './use-run-control.ts';

/** The run people look at, and the button to start or cancel one. */
export function RunButton({ mayRun }: { mayRun: boolean }) {
  const { runId, meta, active, start, cancel } = useRunControl();
  const { graph } = useGraphView();
  const { live } = usePipelineSession();
  const showPanel = useEditorUi((ui) => ui.showPanel);
  const empty = graph.nodes.length === 0;
  const pinned = graph.nodes.filter((node) => node.pin && !node.bypassed).length;
  const reason = !mayRun ? 'Only editors start and cancel runs' : empty ? 'Add a card before you run' : undefined;
  return (
    <div className={classes['control']} data-document={live.name}>
      {meta ? (
        <UnstyledButton
          className={classes['current']}
          onClick={() => showPanel('runs')}
          aria-label={`Run ${meta.number}, ${meta.state}. Show runs`}
        >
          <span className={classes['number']}>Run {meta.number}</span> <StateBadge state={meta.state} />
        </UnstyledButton>
      ) : null}
      {active && runId ? (
        <Tooltip label={mayRun ? 'Stop every step of this run' : reason}>
          <Button
            size="sm"
            color="red"
            variant="light"
            leftSection={<Square size={13} aria-hidden />}
            loading={cancel.isPending}
            disabled={!mayRun}
            onClick={() => cancel.mutate(runId)}
          >
            Cancel run
          </Button>
        </Tooltip>
      ) : (
        <Tooltip label={reason ?? `Run the whole pipeline as it is now${pinnedText(pinned)}`}>
          <Button
            size="sm"
            leftSection={<Play size={14} aria-hidden />}
            loading={start.isPending}
            data-disabled={reason !== undefined || undefined}
            aria-disabled={reason !== undefined || undefined}
            onClick={() => {
              if (reason === undefined) start.mutate();
            }}
          >
            Run
          </Button>
        </Tooltip>
      )}
    </div>
  );
}

const pinnedText = (pinned: number): string =>
  pinned === 0 ? '' : pinned === 1 ? '; 1 card is pinned and not executed' : `; ${pinned} cards are pinned and not executed`;

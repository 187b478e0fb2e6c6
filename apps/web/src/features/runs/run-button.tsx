import { ActionIcon, Button, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { ChevronDown, Play, RotateCcw, Square } from 'lucide-react';
import { useState } from 'react';
import { useForecast } from '../../shared/api/queries.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { useGraphView, usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { StateBadge } from '../../shared/ui/state-badge.tsx';
import { isUnfinished } from './is-unfinished.ts';
import classes from './runs.module.css';
import { useRunControl } from './use-run-control.ts';

/** The run people look at, and the button to start or cancel one. */
export function RunButton({ mayRun }: { mayRun: boolean }) {
  const { runId, meta, active, start, cancel, resume, mayCancel } = useRunControl();
  const { graph } = useGraphView();
  const { live, pipelineId, past } = usePipelineSession();
  const showPanel = useEditorUi((ui) => ui.showPanel);
  const selected = useEditorUi((ui) => ui.selectedNodes);
  // Asked when somebody is about to press it, not with every edit.
  const [near, setNear] = useState(false);
  const empty = graph.nodes.length === 0;
  const pinned = graph.nodes.filter((node) => node.pin && !node.bypassed).length;
  const cards = graph.nodes.flatMap(({ id }) => (selected.includes(id) ? [id] : []));
  const part = (kind: 'to' | 'from' | 'only') => start.mutate({ scope: { kind, nodeIds: cards } });
  const chosen = cards.length === 1 ? 'the selected card' : `the ${cards.length} selected cards`;
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
        <Tooltip label={mayCancel ? 'Stop every step of this run' : 'Only who started this run and owners of the project cancel it'}>
          <Button
            size="sm"
            color="red"
            variant="light"
            leftSection={<Square size={13} aria-hidden />}
            loading={cancel.isPending}
            data-disabled={!mayCancel || undefined}
            aria-disabled={!mayCancel || undefined}
            onClick={() => mayCancel && cancel.mutate(runId)}
          >
            Cancel run
          </Button>
        </Tooltip>
      ) : (
        <div className={classes['split']} onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
          <Tooltip
            label={reason ?? <Outlook pipelineId={pipelineId} wanted={near} pinned={pinned} />}
            multiline
            maw={320}
            events={{ hover: true, focus: true, touch: false }}
          >
            <Button
              size="sm"
              leftSection={<Play size={14} aria-hidden />}
              loading={start.isPending}
              data-disabled={reason !== undefined || undefined}
              aria-disabled={reason !== undefined || undefined}
              onFocus={() => setNear(true)}
              onBlur={() => setNear(false)}
              onClick={() => {
                if (reason === undefined) start.mutate({});
              }}
            >
              Run
            </Button>
          </Tooltip>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon
                size={36}
                variant="filled"
                color="var(--mantine-primary-color-filled)"
                aria-label="Run a part"
                disabled={reason !== undefined || start.isPending}
              >
                <ChevronDown size={15} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item disabled={cards.length === 0} onClick={() => part('to')}>
                Run up to {cards.length === 0 ? 'the selected cards' : chosen}
              </Menu.Item>
              <Menu.Item disabled={cards.length === 0} onClick={() => part('from')}>
                Run from {cards.length === 0 ? 'the selected cards' : chosen} on
              </Menu.Item>
              <Menu.Item disabled={cards.length === 0} onClick={() => part('only')}>
                Run only {cards.length === 0 ? 'the selected cards' : chosen}, on what there is
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item onClick={() => start.mutate({ force: true })}>Run everything again, whatever the cache holds</Menu.Item>
              {runId !== undefined && isUnfinished(meta?.state) && !past ? (
                <Menu.Item leftSection={<RotateCcw size={14} aria-hidden />} onClick={() => resume.mutate(runId)}>
                  {meta?.state === 'failed' ? `Retry failed steps of run ${meta.number}` : `Resume run ${meta?.number}`}
                </Menu.Item>
              ) : null}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </div>
  );
}

/** What pressing Run would do. */
function Outlook({ pipelineId, wanted, pinned }: { pipelineId: string; wanted: boolean; pinned: number }) {
  const { data } = useForecast(pipelineId, wanted);
  const [first] = data?.problems ?? [];
  return (
    <>
      Run the whole pipeline as it is now{pinnedText(pinned)}.
      {first ? ` It cannot run yet: ${first.message}` : data ? ` ${data.sentence}` : ''}
    </>
  );
}

const pinnedText = (pinned: number): string =>
  pinned === 0 ? '' : pinned === 1 ? '; 1 card is pinned and not executed' : `; ${pinned} cards are pinned and not executed`;

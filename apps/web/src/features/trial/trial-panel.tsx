import { Alert, Button, Kbd, Skeleton, Stack, Switch, Text, Tooltip } from '@mantine/core';
import { canonicalJson } from '@ensemble/cards';
import type { JsonObject } from '@ensemble/cards';
import type { ProjectCardEntry, ProjectTrialEntry, TrialChoice, TrialPlace, TrialSetup } from '@ensemble/protocol';
import { canInProject } from '@ensemble/permissions';
import { isFinalRunState } from '@ensemble/protocol';
import { Play, Square, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiFailure, sentenceOf } from '../../shared/api/api-client.ts';
import { useProject } from '../../shared/api/queries.ts';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { DRAFT_NODE, useDraftNode } from '../../shared/session/draft-node.ts';
import { PipelineSessionContext } from '../../shared/session/pipeline-session.ts';
import { GivenTablesContext } from '../../shared/session/use-known-columns.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { choiceKey } from './choice-text.ts';
import { InputChoices } from './input-choices.tsx';
import { TrialOutcome } from './trial-outcome.tsx';
import type { TrialParts } from './trial-parts.ts';
import { TrialSettings } from './trial-settings.tsx';
import classes from './trial.module.css';
import { useInputColumns } from './use-input-columns.ts';
import { useRunKey } from './use-run-key.ts';
import { useWarmUp } from './use-warm-up.ts';
import { useTrial } from './use-trial.ts';
import { useTrialSetup } from './use-trial-setup.ts';

export interface TrialPanelProps {
  projectId: string;
  entry: ProjectCardEntry;
  /** The newest trial of the card, as the project's index has it. */
  trial: ProjectTrialEntry | undefined;
  /** Changes when runs of the project did. */
  runsStamp: string;
  userId: string;
  mayRun: boolean;
  /** The node the card is looked at from. */
  place?: TrialPlace | undefined;
  /** Resolves once the server has my last keys. */
  saved: () => Promise<void>;
  onReveal: (line: number) => void;
  /** A trial is being started here: whatever hides this panel should not. */
  onStart?: () => void;
  /** The line of the card that raised, while that trial is shown and the code is still the same. */
  onErrorLine?: (line: number | undefined) => void;
  parts: TrialParts;
}

/** How long nobody types before a trial starts by itself. */
const PAUSE_MS = 500;
const NO_CONFIG: JsonObject = {};
const NO_INPUTS: TrialSetup['inputs'] = [];

/** Run this card: what it gets, how it is set, and what came out, for everybody who has the card open. */
export function TrialPanel({
  projectId,
  entry,
  trial,
  runsStamp,
  userId,
  mayRun,
  place,
  saved,
  onReveal,
  onStart,
  onErrorLine,
  parts,
}: TrialPanelProps) {
  const { cardId, manifest } = entry;
  const setup = useTrialSetup(projectId, entry, place, `${runsStamp} ${trial && isFinalRunState(trial.state) ? trial.runId : ''}`);
  const { shown, start, cancel } = useTrial(projectId, cardId, trial, saved);
  const [chosen, setChosen] = useState<ReadonlyMap<string, TrialChoice>>(new Map());
  const [eachChange, setEachChange] = useState(false);
  const read = setup.data?.config;
  const [config, setConfig] = useState(read);
  const draft = useDraftNode({ cardType: manifest?.cardType ?? entry.path, config }, { projectId, entry, canEdit: mayRun });

  // What was refused may be allowed after any of these.
  const stamp = `${entry.sourceHash} ${runsStamp} ${[...chosen.values()].map(choiceKey).join()}`;
  const settings = () => draft?.watch.view.get().graph.nodes.find(({ id }) => id === DRAFT_NODE)?.config;
  // What somebody has set here stays; what nobody touched follows the last trial.
  if (read && !same(read, config) && (config === undefined || same(settings(), config))) setConfig(read);

  const inputs = setup.data?.inputs ?? NO_INPUTS;
  const tables = useInputColumns(inputs, chosen);
  const error = entry.diagnostics.find(({ severity }) => severity === 'error');
  const reason = !mayRun ? 'Only editors run cards' : error ? 'Mend the card first' : undefined;
  const run = () => {
    onStart?.();
    if (reason !== undefined || start.isPending || shown?.active) return;
    const taken = inputs.flatMap(({ name, chosen: suggested }) => {
      const choice = chosen.get(name) ?? suggested;
      return choice ? [[name, { runId: choice.runId, nodeId: choice.nodeId, key: choice.key }] as const] : [];
    });
    start.mutate({
      stamp,
      place,
      nodeId: setup.data?.nodeId ?? place?.nodeId ?? cardId,
      inputs: Object.fromEntries(taken),
      config: settings() ?? NO_CONFIG,
    });
  };
  useWarmUp(projectId, cardId, mayRun, entry.sourceHash);
  useRunKey(run);
  useEachChange(eachChange && reason === undefined && setup.isSuccess && !shown?.active, entry.sourceHash, trial?.sourceHash, run);
  const colleague =
    shown?.active && trial && trial.runId === shown.runId && trial.starter.userId !== userId ? trial.starter.name : undefined;
  const { name, isOwner } = useSignedIn();
  const role = useProject(projectId).data?.role;
  const mayCancel = mayRun && (colleague === undefined || canInProject({ kind: 'user', userId, name, isOwner }, 'run.cancelOthers', role));

  return (
    <section className={classes['panel']} aria-label="Run this card">
      <header className={classes['head']}>
        <h2 className={classes['title']}>Run this card</h2>
        {shown?.active ? (
          <Tooltip label={colleague === undefined ? 'Only editors cancel' : `${colleague} or the owner can cancel it`} disabled={mayCancel}>
            <Button
              size="xs"
              color="red"
              variant="light"
              leftSection={<Square size={12} aria-hidden />}
              disabled={!mayCancel}
              loading={cancel.isPending}
              onClick={() => cancel.mutate(shown.runId)}
            >
              Cancel
            </Button>
          </Tooltip>
        ) : (
          <Tooltip label={reason ?? 'Run this card alone, with the code as it is now'}>
            <Button
              size="xs"
              leftSection={<Play size={13} aria-hidden />}
              loading={start.isPending}
              aria-disabled={reason !== undefined || undefined}
              data-disabled={reason !== undefined || undefined}
              onClick={run}
            >
              Run card
            </Button>
          </Tooltip>
        )}
      </header>
      <div className={classes['hint']}>
        <span>
          <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
        </span>
        {mayRun ? (
          <Switch
            size="xs"
            label="On every valid change"
            checked={eachChange}
            onChange={(event) => setEachChange(event.currentTarget.checked)}
          />
        ) : null}
      </div>
      {colleague === undefined ? null : (
        <p className={classes['news']} role="status">
          {colleague} is running this card.
        </p>
      )}
      {error ? (
        <Alert color="orange" variant="light" p="xs" icon={<TriangleAlert size={15} aria-hidden />} title="The card has errors">
          <Text size="sm">{error.message}</Text>
          <Button mt={6} size="compact-xs" variant="default" onClick={() => onReveal(error.line)}>
            Line {error.line}
          </Button>
        </Alert>
      ) : null}
      {start.isError && start.variables.stamp === stamp ? <Refusal error={start.error} /> : null}
      {cancel.isError ? <FailureNote error={cancel.error} title="It was not cancelled" /> : null}
      {setup.isError ? <FailureNote error={setup.error} onRetry={() => void setup.refetch()} /> : null}
      {setup.isPending ? (
        <Stack gap="xs" role="status" aria-label="Looking what it can run on">
          <Skeleton height={14} width="40%" />
          <Skeleton height={30} />
        </Stack>
      ) : null}
      {inputs.length > 0 ? (
        <section aria-label="Inputs">
          <h3 className={classes['heading']}>Inputs</h3>
          <InputChoices
            inputs={inputs}
            chosen={chosen}
            disabled={!mayRun}
            onChoose={(port, choice) =>
              setChosen((before) => {
                const next = new Map(before);
                if (choice) next.set(port, choice);
                else next.delete(port);
                return next;
              })
            }
          />
        </section>
      ) : null}
      {setup.isSuccess && inputs.length === 0 ? <p className={classes['dim']}>This card takes no inputs.</p> : null}
      {draft && (manifest?.configFields.length ?? 0) > 0 ? (
        <PipelineSessionContext value={draft}>
          <GivenTablesContext value={tables}>
            <TrialSettings setup={setup.data} start={config} Settings={parts.Settings} />
          </GivenTablesContext>
        </PipelineSessionContext>
      ) : null}
      {shown ? (
        <TrialOutcome trial={shown} entry={entry} userId={userId} parts={parts} onReveal={onReveal} onErrorLine={onErrorLine} />
      ) : (
        <p className={classes['dim']}>What it makes, prints or raises is shown here, for everybody who has this card open.</p>
      )}
    </section>
  );
}

const same = (one: JsonObject | undefined, other: JsonObject | undefined): boolean =>
  canonicalJson(one ?? null) === canonicalJson(other ?? null);

function useEachChange(on: boolean, sourceHash: string, triedHash: string | undefined, run: () => void): void {
  const latest = useRef(run);
  const asked = useRef(sourceHash);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!on || asked.current === sourceHash || triedHash === sourceHash) return undefined;
    const timer = setTimeout(() => {
      asked.current = sourceHash;
      latest.current();
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [on, sourceHash, triedHash]);
}

function Refusal({ error }: { error: unknown }) {
  const problems = error instanceof ApiFailure ? error.problems : [];
  if (problems.length === 0) return <FailureNote error={error} title="The card did not start" />;
  return (
    <Alert color="red" variant="light" p="xs" icon={<TriangleAlert size={15} aria-hidden />} title="The card cannot run yet" role="alert">
      {problems.map((problem) => (
        <Text key={`${problem.code} ${problem.message}`} size="sm">
          {problem.message}
        </Text>
      ))}
      {problems.length === 0 ? sentenceOf(error) : null}
    </Alert>
  );
}

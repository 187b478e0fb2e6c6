/** What the project's index says of a trial, and which run belongs to which card. Pure. */
import type { ProjectTrialEntry, TrialSummary } from '@ensemble/protocol';
import { summaryOf } from '../present-run.ts';
import type { LoadedRun } from '../run-repository.ts';
import type { RunVersion } from '../run-version.ts';

/**
 * Trials are runs of a pipeline that nobody drew: one for each card of a project, so that they have numbers of their own and
 * are never among the runs of a real one. Built-in cards have the same id in every project.
 */
export const trialPipelineId = (projectId: string, cardId: string): string => `trial-${projectId}-${cardId}`;

type Tried = Pick<LoadedRun, 'row' | 'run' | 'version'>;

/** Undefined for a run that is no trial. */
export function trialEntry({ row, run, version }: Tried): { cardId: string; entry: ProjectTrialEntry } | undefined {
  if (!version.trial) return undefined;
  const { cardId, nodeId } = version.trial;
  const entry: ProjectTrialEntry = {
    runId: run.runId,
    number: row.number,
    state: run.state,
    nodeId,
    starter: { userId: row.starter_id, name: row.starter_name },
    createdAt: row.created_at.getTime(),
    sourceHash: sourceHashOf(version, nodeId),
    inputs: inputsOf(version, nodeId),
  };
  return { cardId, entry };
}

export function trialSummary({ row, version }: Pick<Tried, 'row' | 'version'>): TrialSummary {
  if (!version.trial) throw new Error(`Run ${row.id} is no trial.`);
  return { ...summaryOf(row), ...version.trial };
}

function sourceHashOf({ graph }: RunVersion, nodeId: string): string {
  const card = graph.nodes.find((node) => node.id === nodeId)?.card;
  return (card !== undefined && graph.cards[card]?.sourceHash) || '';
}

function inputsOf({ graph, pinned = {} }: RunVersion, nodeId: string): ProjectTrialEntry['inputs'] {
  const titles = new Map(graph.nodes.map(({ id, title }) => [id, title]));
  return graph.edges.flatMap(({ source, sourcePort, target, targetPort }) => {
    const from = pinned[source];
    if (target !== nodeId || !from) return [];
    return [{ port: targetPort, key: sourcePort, title: titles.get(source) ?? source, runId: from.runId, number: from.runNumber }];
  });
}

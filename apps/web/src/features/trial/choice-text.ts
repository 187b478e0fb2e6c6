/** How an output that an earlier run made is named where an input is chosen. Pure. */
import type { TrialChoice } from '@ensemble/protocol';

export const choiceKey = ({ runId, nodeId, key }: Pick<TrialChoice, 'runId' | 'nodeId' | 'key'>): string =>
  JSON.stringify([runId, nodeId, key]);

/** `Split: train, run 12 of Iris` */
export function choiceText({
  title,
  key,
  pipelineName,
  runNumber,
}: Pick<TrialChoice, 'title' | 'key' | 'pipelineName' | 'runNumber'>): string {
  const made = pipelineName === null ? `trial ${runNumber}` : `run ${runNumber} of ${pipelineName}`;
  return `${title}: ${key}, ${made}`;
}

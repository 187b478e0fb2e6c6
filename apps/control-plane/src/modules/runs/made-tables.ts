/** The tables that the latest runs of a pipeline left, each with what decided it, so that a reader can tell whether it still holds. */
import type { Actor } from '@ensemble/permissions';
import type { OutputArtifact } from '@ensemble/protocol';
import { lineagesOf, newestSteps } from './newest-steps.ts';
import { authorizedProject } from './start-run.ts';
import type { StartRunPorts } from './start-run.ts';

export interface MadeOutput {
  nodeId: string;
  /** See `pinnedLineages`. */
  lineage: string;
  output: OutputArtifact;
}

/** Of every node the declared outputs of the newest of the latest runs that it succeeded in. */
export async function madeTables(
  ports: Pick<StartRunPorts, 'sql' | 'authorize' | 'projectOf'>,
  actor: Actor,
  pipelineId: string,
): Promise<MadeOutput[]> {
  await authorizedProject(ports, actor, 'artifact.read', pipelineId);
  const steps = await newestSteps(ports.sql, pipelineId);
  const lineages = await lineagesOf(ports.sql, [...new Set(steps.map((step) => step.versionId))]);
  return steps.flatMap(({ nodeId, versionId, outputs }) => {
    const lineage = lineages.get(versionId)?.get(nodeId);
    if (lineage === undefined) return [];
    return outputs.filter((output) => output.declared && output.type === 'dataframe').map((output) => ({ nodeId, lineage, output }));
  });
}

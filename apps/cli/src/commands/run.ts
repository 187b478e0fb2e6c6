/** `ensemble run DIR`: imports a project folder, runs it, waits, and brings the outputs home. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImportResult, isFinalRunState, Project, ProjectFile, RunDetail, RunSummary } from '@ensemble/protocol';
import { type ApiClient, ApiFailure, createApiClient } from '../api-client.ts';
import { usageError } from '../cli-error.ts';
import { startEmbeddedProduct } from '../embedded-product.ts';
import { loadFieldTypes } from '../field-types.ts';
import { watchForInterruption } from '../interruption.ts';
import { type ProjectFolder, readProjectFolder } from '../project-folder.ts';
import { gatherReport, type RunReport } from '../run-report.ts';
import { configuredServer } from '../server-address.ts';
import { type FieldValue, parseRunOptions, type RunOptions } from './run-options.ts';

const POLL_MS = 100;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

export async function runProject(args: string[]): Promise<number> {
  const options = parseRunOptions(args);
  const folder = await readProjectFolder(options.directory);
  for (const file of options.files)
    if (!(await stat(file.text).catch(() => undefined))?.isFile())
      throw usageError(`--file ${file.nodeId}.${file.field}: ${file.text} is no file.`);

  const interruption = watchForInterruption();
  const configured = await configuredServer();
  if (!configured) say('Starting an embedded server…');
  const embedded = configured ? undefined : await startEmbeddedProduct(interruption.signal);
  const address = configured ?? embedded?.address;
  if (!address) throw new Error('there is neither a configured nor an embedded server');
  try {
    const report = await execute(createApiClient(address.url, address.token), folder, options, interruption.signal);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describe(report));
    return report.status === 'succeeded' ? 0 : 1;
  } finally {
    await embedded?.stop();
    interruption.release();
  }
}

async function execute(api: ApiClient, folder: ProjectFolder, options: RunOptions, interrupted: AbortSignal): Promise<RunReport> {
  const project = await api.post('/api/projects', Project, { name: folder.name.slice(0, 120) });
  const imported = await api.post(`/api/projects/${project.id}/import`, ImportResult, folder);
  for (const note of imported.notes) say(`import: ${note}`);
  const overrides = [...(await setOverrides(folder, options.sets)), ...(await fileOverrides(api, project.id, options.files))];

  interrupted.throwIfAborted();
  let summary: RunSummary;
  try {
    summary = await api.post(`/api/pipelines/${imported.pipelineId}/runs`, RunSummary, { overrides });
  } catch (error) {
    if (!(error instanceof ApiFailure) || !error.body.problems) throw error;
    say(`Nothing was run: ${error.message}`);
    for (const problem of error.body.problems)
      say(`  ${[problem.nodeId ?? 'pipeline', problem.field ?? problem.port].filter(Boolean).join('.')}: ${problem.message}`);
    return { status: 'failed', isolation: null, steps: [], outputs: {}, problems: error.body.problems };
  }
  const run = await follow(api, summary.id, interrupted);
  return gatherReport(api, run, path.resolve(options.out));
}

/** Waits for the end and tells each change of a step. Ctrl-C cancels the run and waits for that. */
async function follow(api: ApiClient, runId: string, interrupted: AbortSignal): Promise<RunDetail> {
  const shown = new Map<string, string>();
  const cancel = (): void => {
    say('Cancelling…');
    api.post(`/api/runs/${runId}/cancel`, RunSummary, {}).catch((error: unknown) => say(String(error)));
  };
  if (interrupted.aborted) cancel();
  else interrupted.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const run = await api.get(`/api/runs/${runId}`, RunDetail);
      for (const step of run.steps) {
        const line = `${step.state}${step.attempt > 1 ? ` (attempt ${step.attempt})` : ''}`;
        if (shown.get(step.nodeId) !== line && step.state !== 'pending')
          say(`  ${step.nodeId}: ${line}${step.error ? `: ${step.error.message}` : ''}`);
        shown.set(step.nodeId, line);
      }
      if (isFinalRunState(run.state)) return run;
      await sleep(POLL_MS);
    }
  } finally {
    interrupted.removeEventListener('abort', cancel);
  }
}

async function setOverrides(folder: ProjectFolder, sets: FieldValue[]): Promise<{ nodeId: string; field: string; value: unknown }[]> {
  if (sets.length === 0) return [];
  const typeOf = await loadFieldTypes(folder);
  return sets.map(({ nodeId, field, text }) => ({ nodeId, field, value: typeOf(nodeId, field) === 'string' ? text : parseValue(text) }));
}

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function fileOverrides(
  api: ApiClient,
  projectId: string,
  files: FieldValue[],
): Promise<{ nodeId: string; field: string; value: unknown }[]> {
  const overrides = [];
  for (const { nodeId, field, text } of files) {
    const query = new URLSearchParams({ name: path.basename(text) });
    const stored = await api.upload(`/api/projects/${projectId}/files?${query.toString()}`, ProjectFile, createReadStream(text));
    overrides.push({ nodeId, field, value: { $file: stored.sha256, name: stored.name } });
  }
  return overrides;
}

function describe(report: RunReport): string {
  const lines = report.steps.map((step) => {
    const error = step.error ? `\n    ${step.error.message}${step.error.line ? ` (line ${step.error.line})` : ''}` : '';
    return `${step.status.padEnd(10)} ${step.node} (${step.card})${step.durationMs === null ? '' : ` ${Math.round(step.durationMs)} ms`}${error}`;
  });
  for (const [node, { artifacts }] of Object.entries(report.outputs))
    for (const artifact of artifacts) lines.push(`${node}.${artifact.key}: ${artifact.path}`);
  lines.push(`run ${report.status}${report.isolation ? `, isolation level ${report.isolation}` : ''}`);
  return `${lines.join('\n')}\n`;
}

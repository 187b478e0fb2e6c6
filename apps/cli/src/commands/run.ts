/** `ensemble run DIR`: imports a project folder, runs it, waits, and brings the outputs home. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiFailure, read, sendBytes, type ApiClient } from '@ensemble/api-client';
import {
  ImportResult,
  isFinalRunState,
  Project,
  ProjectImport,
  RunDetail,
  RunSummary,
  type StartRunBody,
  type WireValue,
} from '@ensemble/protocol';
import { connect, uploadFile } from '../api-client.ts';
import { CliError, usageError } from '../cli-error.ts';
import { startEmbeddedProduct } from '../embedded-product.ts';
import { loadFieldTypes } from '../field-types.ts';
import { watchForInterruption } from '../interruption.ts';
import { type ProjectFolder, readProjectFolder } from '../project-folder.ts';
import { gatherReport, type RunReport } from '../run-report.ts';
import { configuredServer } from '../server-address.ts';
import { zipFolder } from '../zip-folder.ts';
import { type FieldValue, parseRunOptions, type RunOptions } from './run-options.ts';

const POLL_MS = 100;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

export async function runProject(args: string[]): Promise<number> {
  const options = parseRunOptions(args);
  const folder = await readProjectFolder(options.directory, options.pipeline);
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
    const report = await execute(connect(address), folder, options, interruption.signal);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : describe(report));
    return report.status === 'succeeded' ? 0 : 1;
  } finally {
    await embedded?.stop();
    interruption.release();
  }
}

async function execute(api: ApiClient, folder: ProjectFolder, options: RunOptions, interrupted: AbortSignal): Promise<RunReport> {
  const { projectId, pipelineId } = await bring(api, folder);
  const overrides = [...(await setOverrides(folder, options.sets)), ...(await fileOverrides(api, projectId, options.files))];

  interrupted.throwIfAborted();
  let summary: RunSummary;
  try {
    summary = await read(
      RunSummary,
      api.POST('/api/pipelines/{id}/runs', {
        params: { path: { id: pipelineId } },
        body: { overrides, ...(options.scope && { scope: options.scope }), force: options.force },
      }),
    );
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.problems.length === 0) throw error;
    say(`Nothing was run: ${error.message}`);
    for (const problem of error.problems)
      say(`  ${[problem.nodeId ?? 'pipeline', problem.field ?? problem.port].filter(Boolean).join('.')}: ${problem.message}`);
    return { status: 'failed', isolation: null, steps: [], outputs: {}, problems: error.problems };
  }
  const run = await follow(api, summary.id, interrupted);
  return gatherReport(api, run, path.resolve(options.out));
}

/** Makes a project of the folder and tells what the server made of it. */
async function bring(api: ApiClient, { name, cards, layout }: ProjectFolder): Promise<{ projectId: string; pipelineId: string }> {
  const query = { name: name.slice(0, 120) };
  if (layout.kind === 'tensorRag') {
    const { id: projectId } = await read(Project, api.POST('/api/projects', { body: query }));
    const body = { name, pipeline: layout.pipeline, cards };
    const imported = await read(ImportResult, api.POST('/api/projects/{projectId}/import', { params: { path: { projectId } }, body }));
    for (const note of imported.notes) say(`import: ${note}`);
    return { projectId, pipelineId: imported.pipelineId };
  }
  const body = sendBytes(new Blob([(await zipFolder(layout.root)) as Uint8Array<ArrayBuffer>]));
  const imported = await read(ProjectImport, api.POST('/api/import', { params: { query }, ...body }));
  for (const { kind, message } of imported.findings) if (kind !== 'mapped') say(`import: ${message}`);
  const others = imported.pipelines.filter((pipeline) => pipeline.name !== layout.pipeline);
  const pipeline = imported.pipelines.find((one) => one.name === layout.pipeline) ?? imported.pipelines[0];
  if (!pipeline) throw new CliError(`${layout.root} holds no pipeline that can be run.`);
  if (others.length > 0) say(`Running "${pipeline.name}"; --pipeline runs another: ${others.map((one) => `"${one.name}"`).join(', ')}.`);
  return { projectId: imported.projectId, pipelineId: pipeline.pipelineId };
}

/** Waits for the end and tells each change of a step. Ctrl-C cancels the run and waits for that. */
async function follow(api: ApiClient, runId: string, interrupted: AbortSignal): Promise<RunDetail> {
  const shown = new Map<string, string>();
  const run = { params: { path: { id: runId } } };
  const cancel = (): void => {
    say('Cancelling…');
    api.POST('/api/runs/{id}/cancel', run).catch((error: unknown) => say(String(error)));
  };
  if (interrupted.aborted) cancel();
  else interrupted.addEventListener('abort', cancel, { once: true });
  try {
    for (;;) {
      const detail = await read(RunDetail, api.GET('/api/runs/{id}', run));
      for (const step of detail.steps) {
        const line = `${step.state}${step.attempt > 1 ? ` (attempt ${step.attempt})` : ''}`;
        if (shown.get(step.nodeId) !== line && step.state !== 'pending')
          say(`  ${step.nodeId}: ${line}${step.error ? `: ${step.error.message}` : ''}`);
        shown.set(step.nodeId, line);
      }
      if (isFinalRunState(detail.state)) return detail;
      await sleep(POLL_MS);
    }
  } finally {
    interrupted.removeEventListener('abort', cancel);
  }
}

async function setOverrides(folder: ProjectFolder, sets: FieldValue[]): Promise<StartRunBody['overrides']> {
  if (sets.length === 0) return [];
  const typeOf = await loadFieldTypes(folder);
  return sets.map(({ nodeId, field, text }) => ({ nodeId, field, value: typeOf(nodeId, field) === 'string' ? text : parseValue(text) }));
}

/** JSON where it is JSON, else the text itself. */
function parseValue(text: string): WireValue {
  try {
    return JSON.parse(text) as WireValue;
  } catch {
    return text;
  }
}

async function fileOverrides(api: ApiClient, projectId: string, files: FieldValue[]): Promise<StartRunBody['overrides']> {
  const overrides = [];
  for (const { nodeId, field, text } of files) {
    const stored = await uploadFile(api, projectId, text, path.basename(text));
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

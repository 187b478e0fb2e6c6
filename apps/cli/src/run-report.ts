/** The one JSON object that `ensemble run --json` prints, and how it is gathered from the API. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { read, type ApiClient } from '@ensemble/api-client';
import { type RunDetail, StepDetail, type StepState } from '@ensemble/protocol';
import { downloadOutput } from './api-client.ts';
import { CliError } from './cli-error.ts';

export interface RunReport {
  status: RunDetail['state'];
  isolation: RunDetail['isolation'];
  steps: {
    node: string;
    card: string;
    status: StepState;
    cached: boolean;
    durationMs: number | null;
    error?: { message: string; line?: number; traceback: string };
  }[];
  outputs: Record<string, { preview: unknown; artifacts: { key: string; type: string; bytes: number; sha256: string; path: string }[] }>;
  /** What was wrong with the pipeline, when nothing was run. */
  problems?: { code: string; message: string; nodeId?: string | undefined; field?: string | undefined; port?: string | undefined }[];
}

/** What `run --json` prints when it could not even begin. */
export const failedReport = (code: string, message: string): RunReport => ({
  status: 'failed',
  isolation: null,
  steps: [],
  outputs: {},
  problems: [{ code, message }],
});

/** Where an output goes; a server may not choose a place outside of `out`. */
export function placeBelow(out: string, ref: string): string {
  const file = path.resolve(out, ...ref.split('/'));
  if (!file.startsWith(path.resolve(out) + path.sep))
    throw new CliError(`The server sent an output named "${ref}", which leads out of ${out}.`);
  return file;
}

/** Downloads every output below `out` and tells where it is. Previews stay in wire JSON (NaN is `{"$number": "NaN"}`). */
export async function gatherReport(api: ApiClient, run: RunDetail, out: string): Promise<RunReport> {
  const report: RunReport = { status: run.state, isolation: run.isolation, steps: [], outputs: {} };
  for (const step of run.steps) {
    report.steps.push({
      node: step.nodeId,
      card: step.cardType,
      status: step.state,
      cached: step.cached,
      durationMs: step.durationMs,
      ...(step.error
        ? {
            error: {
              message: step.error.message,
              ...(step.error.line ? { line: step.error.line } : {}),
              traceback: step.error.traceback ?? '',
            },
          }
        : {}),
    });
    if (step.state !== 'succeeded') continue;
    const place = { params: { path: { id: run.id, nodeId: step.nodeId } } };
    const detail = await read(StepDetail, api.GET('/api/runs/{id}/steps/{nodeId}', place));
    const artifacts: RunReport['outputs'][string]['artifacts'] = [];
    for (const { key, type, bytes, sha256, ref } of detail.outputs) {
      const file = placeBelow(out, ref);
      await mkdir(path.dirname(file), { recursive: true });
      await downloadOutput(api, run.id, step.nodeId, key, file);
      artifacts.push({ key, type, bytes, sha256, path: file });
    }
    Object.defineProperty(report.outputs, step.nodeId, { value: { preview: detail.preview, artifacts }, enumerable: true });
  }
  return report;
}

/** The HTTP API as a test uses it: typed answers, errors as values. */
import { isFinalRunState, ImportResult, Pipeline, Project, RunDetail, RunSummary, StepDetail } from '@ensemble/protocol';
import { eventually, type Product } from './product.ts';

export interface Answer {
  status: number;
  body: unknown;
}

/** Calls as the operator of the installation. */
export async function call(product: Product, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, product.url), {
    method,
    headers: { authorization: `Bearer ${product.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

async function must(product: Product, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await call(product, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const createProject = async (product: Product, name: string): Promise<Project> =>
  Project.parse(await must(product, 'POST', '/api/projects', { name }));

export const createPipeline = async (product: Product, projectId: string, name: string): Promise<Pipeline> =>
  Pipeline.parse(await must(product, 'POST', `/api/projects/${projectId}/pipelines`, { name }));

/** A project folder in the form of TensorRag's `_pipeline.json`. */
export interface Folder {
  pipeline: unknown;
  cards: { path: string; source: string }[];
}

export async function importFolder(product: Product, projectId: string, folder: Folder): Promise<ImportResult> {
  return ImportResult.parse(await must(product, 'POST', `/api/projects/${projectId}/import`, { name: 'imported', ...folder }));
}

/** What is tested here is mostly what executing comes to: every step is executed, unless `part` asks for less. */
export const startRun = async (
  product: Product,
  pipelineId: string,
  overrides: unknown[] = [],
  part: object = { force: true },
): Promise<RunSummary> => RunSummary.parse(await must(product, 'POST', `/api/pipelines/${pipelineId}/runs`, { overrides, ...part }));

export const readRun = async (product: Product, runId: string): Promise<RunDetail> =>
  RunDetail.parse(await must(product, 'GET', `/api/runs/${runId}`));

export const readStep = async (product: Product, runId: string, nodeId: string): Promise<StepDetail> =>
  StepDetail.parse(await must(product, 'GET', `/api/runs/${runId}/steps/${encodeURIComponent(nodeId)}`));

export const finished = (product: Product, runId: string, timeoutMs = 240_000): Promise<RunDetail> =>
  eventually(
    () => readRun(product, runId),
    (run) => isFinalRunState(run.state),
    timeoutMs,
  );

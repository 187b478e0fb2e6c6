/** Every HTTP call of the app, one line each. Knows nothing of caching: see `queries.ts`. */
import {
  CardFilesResult,
  CardSource,
  CardUses,
  CodeHit,
  ExportPreview,
  ImportResult,
  Invitation,
  JoinInfo,
  JoinResult,
  MetricView,
  Member,
  NewRunnerToken,
  OutputColumns,
  Pipeline,
  PoolInfo,
  Project,
  RunDetail,
  RunForecast,
  RunnerInfo,
  RunnerTokenInfo,
  RunSummary,
  RunVersionDetail,
  SessionInfo,
  StepDetail,
  StepLineage,
  Template,
  TrialSetup,
  TrialSummary,
} from '@ensemble/protocol';
import type { RunScope, StartTrialBody, TrialPlace } from '@ensemble/protocol';
import { client, read } from './api-client.ts';

const inProject = (projectId: string) => ({ params: { path: { projectId } } });
const inPipeline = (pipelineId: string) => ({ params: { path: { pipelineId } } });
const ofPipeline = (id: string) => ({ params: { path: { id } } });
const ofRunner = (runnerId: string) => ({ params: { path: { runnerId } } });
const ofRun = (id: string) => ({ params: { path: { id } } });
const id = encodeURIComponent;

/** What of a pipeline to run; empty: all of it, as the cache says. */
export interface RunPart {
  scope?: RunScope;
  force?: boolean;
}

export const api = {
  session: () => read(SessionInfo, client.GET('/api/session')),
  signOut: () => client.POST('/api/sign-out'),
  joinInfo: (token: string) => read(JoinInfo, client.GET('/api/join/{token}', { params: { path: { token } } })),
  join: (token: string, name: string | undefined) =>
    read(JoinResult, client.POST('/api/join/{token}', { params: { path: { token } }, body: name === undefined ? {} : { name } })),
  projects: () => read(Project.array(), client.GET('/api/projects')),
  createProject: (name: string) => read(Project, client.POST('/api/projects', { body: { name } })),
  project: (projectId: string) => read(Project, client.GET('/api/projects/{projectId}', inProject(projectId))),
  members: (projectId: string) => read(Member.array(), client.GET('/api/projects/{projectId}/members', inProject(projectId))),
  invite: (projectId: string, role: 'editor' | 'viewer') =>
    read(Invitation, client.POST('/api/projects/{projectId}/invitations', { ...inProject(projectId), body: { role } })),
  pipelines: (projectId: string) => read(Pipeline.array(), client.GET('/api/projects/{projectId}/pipelines', inProject(projectId))),
  createPipeline: (projectId: string, name: string) =>
    read(Pipeline, client.POST('/api/projects/{projectId}/pipelines', { ...inProject(projectId), body: { name } })),
  pipeline: (pipelineId: string) => read(Pipeline, client.GET('/api/pipelines/{pipelineId}', inPipeline(pipelineId))),
  renamePipeline: (pipelineId: string, name: string) =>
    read(Pipeline, client.PATCH('/api/pipelines/{pipelineId}', { ...inPipeline(pipelineId), body: { name } })),
  exportPreview: (projectId: string) => read(ExportPreview, client.GET('/api/projects/{projectId}/export', inProject(projectId))),
  exportUrl: (projectId: string, data: boolean) => `/api/projects/${id(projectId)}/export/zip?data=${data}`,
  scriptUrl: (pipelineId: string) => `/api/pipelines/${id(pipelineId)}/script`,
  pools: () => read(PoolInfo.array(), client.GET('/api/pools')),
  runners: () => read(RunnerInfo.array(), client.GET('/api/runners')),
  decideRunner: (runnerId: string, decision: 'cordon' | 'uncordon') =>
    read(RunnerInfo, client.POST(`/api/runners/{runnerId}/${decision}`, ofRunner(runnerId))),
  drainRunner: (runnerId: string, minutes: number) =>
    read(RunnerInfo, client.POST('/api/runners/{runnerId}/drain', { ...ofRunner(runnerId), body: { minutes } })),
  removeRunner: (runnerId: string) => client.DELETE('/api/runners/{runnerId}', ofRunner(runnerId)),
  runnerTokens: () => read(RunnerTokenInfo.array(), client.GET('/api/runner-tokens')),
  createRunnerToken: (body: { name: string; pools: string[]; hours: number }) =>
    read(NewRunnerToken, client.POST('/api/runner-tokens', { body })),
  revokeRunnerToken: (tokenId: string) => client.DELETE('/api/runner-tokens/{tokenId}', { params: { path: { tokenId } } }),
  templates: () => read(Template.array(), client.GET('/api/templates')),
  createFromTemplate: (projectId: string, name: string) =>
    read(ImportResult, client.POST('/api/projects/{projectId}/templates/{name}', { params: { path: { projectId, name } } })),
  runs: (pipelineId: string) => read(RunSummary.array(), client.GET('/api/pipelines/{id}/runs', ofPipeline(pipelineId))),
  madeTables: (pipelineId: string, signal: AbortSignal) =>
    read(OutputColumns.array(), client.GET('/api/pipelines/{id}/columns', { ...ofPipeline(pipelineId), signal })),
  cardSources: (projectId: string) => read(CardSource.array(), client.GET('/api/projects/{projectId}/cards/sources', inProject(projectId))),
  startRun: (pipelineId: string, part: RunPart) =>
    read(RunSummary, client.POST('/api/pipelines/{id}/runs', { ...ofPipeline(pipelineId), body: part })),
  forecast: (pipelineId: string, signal: AbortSignal) =>
    read(RunForecast, client.POST('/api/pipelines/{id}/forecast', { ...ofPipeline(pipelineId), body: {}, signal })),
  resumeRun: (runId: string) => read(RunSummary, client.POST('/api/runs/{id}/resume', ofRun(runId))),
  cancelStep: (runId: string, nodeId: string) =>
    client.POST('/api/runs/{id}/steps/{nodeId}/cancel', { params: { path: { id: runId, nodeId } } }),
  startTrial: (projectId: string, cardId: string, body: StartTrialBody) =>
    read(TrialSummary, client.POST('/api/projects/{projectId}/cards/{cardId}/trials', { params: { path: { projectId, cardId } }, body })),
  trialSetup: (projectId: string, cardId: string, place: TrialPlace | undefined, signal: AbortSignal) =>
    read(
      TrialSetup,
      client.GET('/api/projects/{projectId}/cards/{cardId}/trial-setup', {
        params: { path: { projectId, cardId }, query: place ?? {} },
        signal,
      }),
    ),
  warmUp: (projectId: string, cardId: string) =>
    client.POST('/api/projects/{projectId}/cards/{cardId}/warm-up', { params: { path: { projectId, cardId } } }),
  run: (runId: string) => read(RunDetail, client.GET('/api/runs/{id}', ofRun(runId))),
  runVersion: (runId: string) => read(RunVersionDetail, client.GET('/api/runs/{id}/version', ofRun(runId))),
  cardSourceAtRun: (runId: string, cardType: string) =>
    read(CardSource, client.GET('/api/runs/{id}/cards/{cardType}/source', { params: { path: { id: runId, cardType } } })),
  cancelRun: (runId: string) => client.POST('/api/runs/{id}/cancel', ofRun(runId)),
  step: (runId: string, nodeId: string) =>
    read(StepDetail, client.GET('/api/runs/{id}/steps/{nodeId}', { params: { path: { id: runId, nodeId } } })),
  lineage: (runId: string, nodeId: string) =>
    read(StepLineage, client.GET('/api/runs/{id}/steps/{nodeId}/lineage', { params: { path: { id: runId, nodeId } } })),
  metrics: (runId: string, nodeId: string, range: { from?: number; to?: number }) =>
    read(MetricView, client.GET('/api/runs/{id}/steps/{nodeId}/metrics', { params: { path: { id: runId, nodeId }, query: range } })),
  cardSource: (cardId: string) => read(CardSource, client.GET('/api/cards/{cardId}/source', { params: { path: { cardId } } })),
  /** A file of this project or a built-in card, under a free name. */
  copyCard: (projectId: string, cardId: string) =>
    read(CardFilesResult, client.POST('/api/projects/{projectId}/cards', { ...inProject(projectId), body: { copyOf: cardId } })),
  cardUses: (projectId: string, cardId: string) =>
    read(CardUses, client.GET('/api/projects/{projectId}/cards/{cardId}/uses', { params: { path: { projectId, cardId } } })),
  searchCode: (projectId: string, text: string, signal: AbortSignal) =>
    read(
      CodeHit.array(),
      client.GET('/api/projects/{projectId}/cards/search', { params: { path: { projectId }, query: { text } }, signal }),
    ),
  /** Without an attempt, or 0, of the latest. */
  logUrl: (runId: string, nodeId: string, attempt: number) =>
    `/api/runs/${id(runId)}/steps/${id(nodeId)}/log/file${attempt > 0 ? `?attempt=${attempt}` : ''}`,
  artifactUrl: (runId: string, nodeId: string, key: string) => `/api/runs/${id(runId)}/steps/${id(nodeId)}/artifacts/${id(key)}`,
};

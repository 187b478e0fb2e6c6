/** Every HTTP call of the app, one line each. Knows nothing of caching: see `queries.ts`. */
import {
  ImportResult,
  Invitation,
  JoinInfo,
  JoinResult,
  LogRange,
  Member,
  Pipeline,
  Project,
  RunDetail,
  RunSummary,
  SessionInfo,
  StepDetail,
  Template,
} from '@ensemble/protocol';
import { command, request } from './api-client.ts';
import type { Parser } from './api-client.ts';

const id = encodeURIComponent;

/** The one answer without a schema in the protocol: `{ source }`, the text of a card. */
const CardSource: Parser<{ source: string }> = {
  parse(value) {
    const source = typeof value === 'object' && value !== null && 'source' in value ? value.source : undefined;
    if (typeof source !== 'string') throw new TypeError('The server sent no source for this card.');
    return { source };
  },
};

export const api = {
  session: () => request('GET', '/api/session', SessionInfo),
  signOut: () => command('POST', '/api/sign-out', {}),
  joinInfo: (token: string) => request('GET', `/api/join/${id(token)}`, JoinInfo),
  join: (token: string, name: string | undefined) =>
    request('POST', `/api/join/${id(token)}`, JoinResult, name === undefined ? {} : { name }),
  projects: () => request('GET', '/api/projects', Project.array()),
  createProject: (name: string) => request('POST', '/api/projects', Project, { name }),
  project: (projectId: string) => request('GET', `/api/projects/${id(projectId)}`, Project),
  members: (projectId: string) => request('GET', `/api/projects/${id(projectId)}/members`, Member.array()),
  invite: (projectId: string, role: 'editor' | 'viewer') =>
    request('POST', `/api/projects/${id(projectId)}/invitations`, Invitation, { role }),
  pipelines: (projectId: string) => request('GET', `/api/projects/${id(projectId)}/pipelines`, Pipeline.array()),
  createPipeline: (projectId: string, name: string) => request('POST', `/api/projects/${id(projectId)}/pipelines`, Pipeline, { name }),
  pipeline: (pipelineId: string) => request('GET', `/api/pipelines/${id(pipelineId)}`, Pipeline),
  renamePipeline: (pipelineId: string, name: string) => request('PATCH', `/api/pipelines/${id(pipelineId)}`, Pipeline, { name }),
  templates: () => request('GET', '/api/templates', Template.array()),
  createFromTemplate: (projectId: string, name: string) =>
    request('POST', `/api/projects/${id(projectId)}/templates/${id(name)}`, ImportResult, {}),
  runs: (pipelineId: string) => request('GET', `/api/pipelines/${id(pipelineId)}/runs`, RunSummary.array()),
  startRun: (pipelineId: string) => request('POST', `/api/pipelines/${id(pipelineId)}/runs`, RunSummary, {}),
  run: (runId: string) => request('GET', `/api/runs/${id(runId)}`, RunDetail),
  cancelRun: (runId: string) => command('POST', `/api/runs/${id(runId)}/cancel`, {}),
  step: (runId: string, nodeId: string) => request('GET', `/api/runs/${id(runId)}/steps/${id(nodeId)}`, StepDetail),
  log: (runId: string, nodeId: string, offset: number) =>
    request('GET', `/api/runs/${id(runId)}/steps/${id(nodeId)}/log?offset=${offset}`, LogRange),
  cardSource: (cardId: string) => request('GET', `/api/cards/${id(cardId)}/source`, CardSource),
  artifactUrl: (runId: string, nodeId: string, key: string) => `/api/runs/${id(runId)}/steps/${id(nodeId)}/artifacts/${id(key)}`,
};

/** Cached reads, one hook each. Writes invalidate the keys named here. */
import { isFinalRunState } from '@ensemble/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ApiFailure } from './api-client.ts';
import { api } from './api.ts';

export const keys = {
  session: ['session'] as const,
  projects: ['projects'] as const,
  project: (id: string) => ['projects', id] as const,
  members: (id: string) => ['projects', id, 'members'] as const,
  pipelines: (id: string) => ['projects', id, 'pipelines'] as const,
  templates: ['templates'] as const,
  pipeline: (id: string) => ['pipelines', id] as const,
  /** All readings of the list; `stamp` says which news it was read after. */
  runs: (pipelineId: string, stamp?: string) => ['pipelines', pipelineId, 'runs', ...(stamp === undefined ? [] : [stamp])] as const,
  madeTables: (pipelineId: string, stamp: string) => ['pipelines', pipelineId, 'columns', stamp] as const,
  forecast: (pipelineId: string) => ['pipelines', pipelineId, 'forecast'] as const,
  run: (runId: string) => ['runs', runId] as const,
  runVersion: (runId: string) => ['runs', runId, 'version'] as const,
  trialSetup: (projectId: string, cardId: string, stamp: string) => ['projects', projectId, 'cards', cardId, 'trial', stamp] as const,
  codeHits: (projectId: string, text: string) => ['projects', projectId, 'code', text] as const,
  pools: ['pools'] as const,
  runners: ['runners'] as const,
  runnerTokens: ['runner-tokens'] as const,
  step: (runId: string, nodeId: string, stamp: string) => ['runs', runId, 'steps', nodeId, stamp] as const,
};

/** What the server refused will be refused again; only a missing answer is worth another try. */
export const retryRule = (failures: number, error: unknown): boolean =>
  failures < 2 && (!(error instanceof ApiFailure) || error.status === 0 || error.status >= 500);

export const useSession = () => useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: 60_000 });
export const useProjects = () => useQuery({ queryKey: keys.projects, queryFn: api.projects });
export const useProject = (id: string | undefined) =>
  useQuery({ queryKey: keys.project(id ?? ''), queryFn: () => api.project(id!), enabled: id !== undefined });
/** They belong to the installed program and do not change while it runs. */
export const useTemplates = () => useQuery({ queryKey: keys.templates, queryFn: api.templates, staleTime: Infinity });
export const useMembers = (id: string) => useQuery({ queryKey: keys.members(id), queryFn: () => api.members(id) });
export const usePipelines = (id: string) => useQuery({ queryKey: keys.pipelines(id), queryFn: () => api.pipelines(id) });
export const usePipeline = (id: string) => useQuery({ queryKey: keys.pipeline(id), queryFn: () => api.pipeline(id) });
/** What a run would do now. It is asked for anew each time somebody wants to know. */
export const useForecast = (pipelineId: string, wanted: boolean) =>
  useQuery({
    queryKey: keys.forecast(pipelineId),
    queryFn: ({ signal }) => api.forecast(pipelineId, signal),
    enabled: wanted,
    staleTime: 0,
    gcTime: 0,
  });
/** A run with its steps, read again for a new reader until it is over. */
export const useRun = (runId: string) =>
  useQuery({
    queryKey: keys.run(runId),
    queryFn: () => api.run(runId),
    staleTime: ({ state }) => (state.data && isFinalRunState(state.data.state) ? Infinity : 0),
  });
/** The pipeline as the run pinned it; it never changes. */
export const useRunVersion = (runId: string) =>
  useQuery({ queryKey: keys.runVersion(runId), queryFn: () => api.runVersion(runId), staleTime: Infinity });
/** Read again whenever `stamp` changes; what was read last is shown meanwhile. */
export const useRuns = (pipelineId: string, stamp: string) =>
  useQuery({ queryKey: keys.runs(pipelineId, stamp), queryFn: () => api.runs(pipelineId), placeholderData: keepPreviousData });
/** Columns of the tables that runs left; read again whenever `stamp`, the latest run and its state, changes. */
export const useMadeTables = (pipelineId: string, stamp: string | undefined) =>
  useQuery({
    queryKey: keys.madeTables(pipelineId, stamp ?? ''),
    queryFn: ({ signal }) => api.madeTables(pipelineId, signal),
    enabled: stamp !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
const SHORTEST_SEARCH = 2;
/** What was found last is shown while the next letters are looked for. */
export const useCodeHits = (projectId: string, text: string) =>
  useQuery({
    queryKey: keys.codeHits(projectId, text),
    queryFn: ({ signal }) => api.searchCode(projectId, text, signal),
    enabled: text.trim().length >= SHORTEST_SEARCH,
    placeholderData: keepPreviousData,
  });

const RUNNERS_MS = 2_000;
export const usePools = () => useQuery({ queryKey: keys.pools, queryFn: api.pools, refetchInterval: RUNNERS_MS });
export const useRunners = () => useQuery({ queryKey: keys.runners, queryFn: api.runners, refetchInterval: RUNNERS_MS });
export const useRunnerTokens = () => useQuery({ queryKey: keys.runnerTokens, queryFn: api.runnerTokens });

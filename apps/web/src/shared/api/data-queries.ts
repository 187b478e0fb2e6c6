import { useQuery } from '@tanstack/react-query';
import { dataApi } from './data-api.ts';

export const filesKey = (projectId: string) => ['projects', projectId, 'files'] as const;

/** The files of a project, newest first. */
export const useFiles = (projectId: string) =>
  useQuery({
    queryKey: filesKey(projectId),
    queryFn: async () => (await dataApi.files(projectId)).sort((a, b) => b.createdAt - a.createdAt),
  });

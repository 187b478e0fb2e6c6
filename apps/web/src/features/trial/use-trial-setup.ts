import type { ProjectCardEntry, TrialPlace, TrialSetup } from '@ensemble/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';

/** What a trial would run on; read again when the ports of the card or the project's runs are others (`stamp`). */
export function useTrialSetup(projectId: string, entry: ProjectCardEntry, place: TrialPlace | undefined, stamp: string) {
  const ports = JSON.stringify([entry.manifest?.inputs, entry.manifest?.configFields.map(({ name }) => name), place]);
  return useQuery<TrialSetup>({
    queryKey: keys.trialSetup(projectId, entry.cardId, `${ports} ${stamp}`),
    queryFn: ({ signal }) => api.trialSetup(projectId, entry.cardId, place, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

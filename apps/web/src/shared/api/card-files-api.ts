/** Every HTTP call about card files, one line each. What is in them is edited as documents. */
import { CardFilesResult, CardTemplate, CardUses, MoveNodesResult } from '@ensemble/protocol';
import type { CreateCardBody } from '@ensemble/protocol';
import { client, read } from './api-client.ts';

const CARDS = '/api/projects/{projectId}/cards';
const inProject = (projectId: string) => ({ params: { path: { projectId } } });
const ofCard = (projectId: string, cardId: string) => ({ params: { path: { projectId, cardId } } });

export const cardFilesApi = {
  templates: () => read(CardTemplate.array(), client.GET('/api/card-templates')),
  create: (projectId: string, body: CreateCardBody) => read(CardFilesResult, client.POST(CARDS, { ...inProject(projectId), body })),
  move: (projectId: string, cardId: string, path: string) =>
    read(CardFilesResult, client.PATCH(`${CARDS}/{cardId}`, { ...ofCard(projectId, cardId), body: { path } })),
  moveFolder: (projectId: string, from: string, to: string) =>
    read(CardFilesResult, client.POST(`${CARDS}/move-folder`, { ...inProject(projectId), body: { from, to } })),
  trash: (projectId: string, cardIds: string[]) =>
    read(CardFilesResult, client.POST(`${CARDS}/trash`, { ...inProject(projectId), body: { cardIds } })),
  restore: (projectId: string, cardIds: string[]) =>
    read(CardFilesResult, client.POST(`${CARDS}/restore`, { ...inProject(projectId), body: { cardIds } })),
  uses: (projectId: string, cardId: string) => read(CardUses, client.GET(`${CARDS}/{cardId}/uses`, ofCard(projectId, cardId))),
  moveNodes: (projectId: string, cardId: string, from: string) =>
    read(MoveNodesResult, client.POST(`${CARDS}/{cardId}/move-nodes`, { ...ofCard(projectId, cardId), body: { from } })),
};

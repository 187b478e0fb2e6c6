/** People for tests of the HTTP API: they come in through the doors everybody uses. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Invitation, JoinResult } from '@ensemble/protocol';
import { z } from 'zod';
import type { TestControlPlane } from './test-control-plane.ts';

export interface TestPerson {
  userId: string;
  cookie: string;
  projectId: string;
}

const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

export const operatorHeaders = ({ dataDirectory }: TestControlPlane): Record<string, string> => ({
  authorization: `Bearer ${readFileSync(path.join(dataDirectory, 'local-token'), 'utf8').trim()}`,
});

export async function ownerToken(plane: TestControlPlane): Promise<string> {
  const { body } = await plane.call('POST', '/api/owner-link', undefined, { headers: operatorHeaders(plane) });
  return tokenOf(z.object({ url: z.string() }).parse(body).url);
}

export async function join(plane: TestControlPlane, token: string, name?: string): Promise<TestPerson> {
  const answer = await plane.call('POST', `/api/join/${token}`, name === undefined ? {} : { name });
  if (answer.status !== 200) throw new Error(`joining answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  const { userId, projectId } = JoinResult.parse(answer.body);
  return { userId, cookie: answer.cookie, projectId: projectId ?? '' };
}

export const joinAsOwner = async (plane: TestControlPlane, name = 'Olga'): Promise<TestPerson> =>
  join(plane, await ownerToken(plane), name);

export async function invitationToken(plane: TestControlPlane, owner: TestPerson, role: 'editor' | 'viewer'): Promise<string> {
  const { body } = await plane.call('POST', `/api/projects/${owner.projectId}/invitations`, { role }, owner);
  return tokenOf(Invitation.parse(body).url);
}

export const joinAs = async (plane: TestControlPlane, owner: TestPerson, role: 'editor' | 'viewer', name: string): Promise<TestPerson> =>
  join(plane, await invitationToken(plane, owner, role), name);

import { InviteBody, Invitation, JoinBody, JoinInfo, JoinResult, Member, NameBody, Project } from '@ensemble/protocol';
import { z } from 'zod';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import { SIGN_IN_LIMIT } from '../accounts/index.ts';
import type { Projects } from './projects.ts';

const ProjectParams = z.object({ projectId: z.string() });
const TokenParams = z.object({ token: z.string().max(200) });

export function registerProjectRoutes(app: App, { projects, publicUrl }: { projects: Projects; publicUrl(): string }): void {
  app.get(
    '/api/projects',
    { config: { action: 'project.list' }, schema: { summary: 'The projects of the person who asks', response: { 200: z.array(Project) } } },
    ({ actor }) => projects.list(actor),
  );

  app.post(
    '/api/projects',
    { config: { action: 'project.create' }, schema: { summary: 'Create a project', body: NameBody, response: { 201: Project } } },
    async ({ actor, body }, reply) => reply.code(201).send(await projects.create(actor, body.name)),
  );

  app.get(
    '/api/projects/:projectId',
    {
      config: { action: 'project.read' },
      schema: { summary: 'One project, and the role of the person who asks', params: ProjectParams, response: { 200: Project } },
    },
    async (request) => {
      const { projectId } = request.params;
      const role = await projects.authorize(request.actor, projectActionOf(request), projectId);
      return await projects.read(projectId, role);
    },
  );

  app.get(
    '/api/projects/:projectId/members',
    {
      config: { action: 'project.read' },
      schema: { summary: 'The people of a project', params: ProjectParams, response: { 200: z.array(Member) } },
    },
    async (request) => {
      await projects.authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await projects.members(request.params.projectId);
    },
  );

  app.post(
    '/api/projects/:projectId/invitations',
    {
      config: { action: 'project.invite' },
      schema: {
        summary: 'Make a link that lets its opener into the project',
        params: ProjectParams,
        body: InviteBody,
        response: { 201: Invitation },
      },
    },
    async (request, reply) => {
      const { actor, params, body } = request;
      await projects.authorize(actor, projectActionOf(request), params.projectId);
      const { token, expiresAt } = await projects.invite(actor, params.projectId, body.role);
      return await reply.code(201).send({ url: `${publicUrl()}/join/${token}`, role: body.role, expiresAt: expiresAt.getTime() });
    },
  );

  app.get(
    '/api/join/:token',
    {
      config: { action: 'instance.link', rateLimit: SIGN_IN_LIMIT },
      schema: { summary: 'What a link is for', params: TokenParams, response: { 200: JoinInfo } },
    },
    ({ actor, params }) => projects.describeLink(actor, params.token),
  );

  app.post(
    '/api/join/:token',
    {
      config: { action: 'instance.link', rateLimit: SIGN_IN_LIMIT },
      schema: { summary: 'Use a link; sets the session cookie', params: TokenParams, body: JoinBody, response: { 200: JoinResult } },
    },
    async ({ actor, params, body }, reply) => {
      const { cookies, ...result } = await projects.redeemLink(actor, params.token, body.name);
      if (cookies.length > 0) reply.header('set-cookie', cookies);
      return result;
    },
  );
}

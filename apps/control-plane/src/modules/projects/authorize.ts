/** The one question every door to a project asks. */
import { canInProject, type Actor, type ProjectAction, type Role } from '@ensemble/permissions';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { ProjectRepository } from './project-repository.ts';

/** Resolves with the actor's role. Throws `not-signed-in`, `not-found` (not there, or not theirs) or `forbidden`. */
export type Authorize = (actor: Actor, action: ProjectAction, projectId: string) => Promise<Role>;

export const createAuthorize =
  (repository: Pick<ProjectRepository, 'find' | 'roleOf'>): Authorize =>
  async (actor, action, projectId) => {
    if (actor.kind === 'anonymous') throw new ApiError('not-signed-in', 'Sign in first.');
    if (actor.kind === 'operator') {
      if (!(await repository.find(projectId))) throw notFound('project');
      return 'owner';
    }
    if (actor.kind === 'runner') throw notFound('project');
    const role = await repository.roleOf(projectId, actor.userId);
    if (role === undefined) throw notFound('project');
    if (!canInProject(actor, action, role)) {
      throw new ApiError('forbidden', `As ${role} of this project you may not do this: ask its owner for another role.`);
    }
    return role;
  };

/** Projects and their members. Ignores what is inside a project. */
import type { Actor, Role } from '@ensemble/permissions';
import type { JoinInfo, Member, Project } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { Accounts } from '../accounts/index.ts';
import { createAuthorize, type Authorize } from './authorize.ts';
import { describeLink, redeemLink, type Joined, type JoinDependencies } from './join.ts';
import { createProjectRepository, type ProjectRow } from './project-repository.ts';

export interface ProjectsOptions {
  database: Database;
  accounts: Accounts;
  /** Fills the first project of a new owner. */
  onFirstProject?: (projectId: string) => Promise<void>;
  /** After the role of a person in a project changed, before the caller is answered. */
  onRoleChanged?: (projectId: string, userId: string) => Promise<void>;
}

export interface Projects {
  authorize: Authorize;
  roleOf(userId: string, projectId: string): Promise<Role | undefined>;
  exists(projectId: string): Promise<boolean>;
  create(actor: Actor, name: string): Promise<Project>;
  /** One that nobody sees before `arrived`: whatever ends the process meanwhile leaves nothing that people find. */
  createArriving(actor: Actor, name: string): Promise<Project>;
  /** In the transaction that brings what is in it. */
  arrived(sql: Sql, projectId: string): Promise<void>;
  /** Once, at the start: removes what a process that is gone was importing. */
  discardArriving(): Promise<void>;
  /** Takes back a project that was made a moment ago, with everything in it. */
  discard(projectId: string): Promise<void>;
  list(actor: Actor): Promise<Project[]>;
  /** For an actor who was authorized with `role`. */
  read(projectId: string, role: Role): Promise<Project>;
  members(projectId: string): Promise<Member[]>;
  invite(actor: Actor, projectId: string, role: 'editor' | 'viewer'): Promise<{ token: string; expiresAt: Date }>;
  describeLink(actor: Actor, token: string): Promise<JoinInfo>;
  redeemLink(actor: Actor, token: string, name: string | undefined): Promise<Joined>;
}

const FIRST_PROJECT_NAME = 'My first project';

const present = (row: ProjectRow, role: Role): Project => ({ id: row.id, name: row.name, role, createdAt: row.createdAt.getTime() });

export function createProjects({ database, accounts, onFirstProject, onRoleChanged }: ProjectsOptions): Projects {
  const repository = createProjectRepository(database);
  const dependencies: JoinDependencies = {
    accounts,
    repository,
    async welcomeOwner(userId) {
      const project = await repository.add({ id: newId(), name: FIRST_PROJECT_NAME }, [userId]);
      await onFirstProject?.(project.id);
      return project.id;
    },
    onRoleChanged: async (projectId, userId) => await onRoleChanged?.(projectId, userId),
  };
  async function create(actor: Actor, project: { name: string; arriving?: boolean }): Promise<Project> {
    const owners = actor.kind === 'user' ? [actor.userId] : await accounts.owners();
    return present(await repository.add({ id: newId(), ...project }, owners), 'owner');
  }

  return {
    authorize: createAuthorize(repository),
    roleOf: (userId, projectId) => repository.roleOf(projectId, userId),
    exists: async (projectId) => (await repository.find(projectId)) !== undefined,
    create: (actor, name) => create(actor, { name }),
    createArriving: (actor, name) => create(actor, { name, arriving: true }),
    arrived: repository.arrived,
    discardArriving: repository.removeArriving,
    discard: (projectId) => repository.remove(projectId),
    async list(actor) {
      if (actor.kind === 'operator') return (await repository.all()).map((row) => present(row, 'owner'));
      if (actor.kind !== 'user') return [];
      return (await repository.ofUser(actor.userId)).map((row) => present(row, row.role));
    },
    async read(projectId, role) {
      const row = await repository.find(projectId);
      if (!row) throw notFound('project');
      return present(row, role);
    },
    members: (projectId) => repository.members(projectId),
    invite: (actor, projectId, role) =>
      accounts.links.createInvitation({ projectId, role, createdById: actor.kind === 'user' ? actor.userId : null }),
    describeLink: (actor, token) => describeLink(dependencies, actor, token),
    redeemLink: (actor, token, name) => redeemLink(dependencies, actor, token, name),
  };
}

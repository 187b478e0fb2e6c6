/** Joining by a link: what the link is for, and redeeming it. */
import type { Actor, Role } from '@ensemble/permissions';
import { ProjectRole, type JoinInfo, type JoinResult } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { AccessLink, Accounts } from '../accounts/index.ts';
import type { ProjectRepository } from './project-repository.ts';

export interface JoinDependencies {
  accounts: Pick<Accounts, 'links' | 'firstOwner' | 'signInAs' | 'signUp'>;
  repository: ProjectRepository;
  /** Makes the first project of a new owner; resolves with its id. */
  welcomeOwner(userId: string): Promise<string>;
  onRoleChanged(projectId: string, userId: string): Promise<void>;
}

export interface Joined extends JoinResult {
  /** Values of `Set-Cookie`; empty for who was signed in already. */
  cookies: string[];
}

const RANK: readonly Role[] = ['viewer', 'editor', 'owner'];

interface Invitation {
  projectId: string;
  role: Role;
}

function invitationOf(link: AccessLink): Invitation | undefined {
  return link.kind === 'invitation' && link.projectId !== null
    ? { projectId: link.projectId, role: ProjectRole.parse(link.role) }
    : undefined;
}

export async function describeLink({ accounts, repository }: JoinDependencies, actor: Actor, token: string): Promise<JoinInfo> {
  const link = await accounts.links.look(token);
  const invitation = invitationOf(link);
  if (!invitation) return { kind: 'owner', needsName: (await accounts.firstOwner()) === undefined };
  const project = await repository.find(invitation.projectId);
  if (!project) throw notFound('project');
  return { kind: 'invitation', projectName: project.name, role: invitation.role, needsName: actor.kind !== 'user' };
}

export async function redeemLink(dependencies: JoinDependencies, actor: Actor, token: string, name: string | undefined): Promise<Joined> {
  const { accounts, repository } = dependencies;
  const link = await accounts.links.look(token);
  const invitation = invitationOf(link);
  const info = await describeLink(dependencies, actor, token);
  if (info.needsName && name === undefined)
    throw new ApiError('bad-request', 'Say the name that others will see.', [
      { code: 'missing', field: 'name', message: 'A name is needed.' },
    ]);
  if (invitation && actor.kind === 'user') {
    const present = await repository.roleOf(invitation.projectId, actor.userId);
    if (present !== undefined && RANK.indexOf(present) >= RANK.indexOf(invitation.role)) {
      return { userId: actor.userId, projectId: invitation.projectId, cookies: [] };
    }
  }
  return await accounts.links.redeem(token, () =>
    invitation ? acceptInvitation(dependencies, actor, invitation, name ?? '') : enterAsOwner(dependencies, name ?? ''),
  );
}

async function acceptInvitation(
  dependencies: JoinDependencies,
  actor: Actor,
  { projectId, role }: Invitation,
  name: string,
): Promise<Joined> {
  const { accounts, repository, onRoleChanged } = dependencies;
  const { userId, cookies } =
    actor.kind === 'user' ? { userId: actor.userId, cookies: [] } : await accounts.signUp(name, { isOwner: false });
  await repository.setRole(projectId, userId, role);
  await onRoleChanged(projectId, userId);
  return { userId, projectId, cookies };
}

async function enterAsOwner({ accounts, repository, welcomeOwner }: JoinDependencies, name: string): Promise<Joined> {
  const owner = await accounts.firstOwner();
  if (owner) {
    const { userId, cookies } = await accounts.signInAs(owner.userId);
    const [newest] = await repository.ofUser(userId);
    return { userId, projectId: newest?.id ?? null, cookies };
  }
  const { userId, cookies } = await accounts.signUp(name, { isOwner: true });
  return { userId, projectId: await welcomeOwner(userId), cookies };
}

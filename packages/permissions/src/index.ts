/**
 * Who may do what: one table, asked by every door (HTTP, sockets, tools, runners, screens).
 * Pure; knows nothing of where roles are stored.
 */
export type Role = 'owner' | 'editor' | 'viewer';

export type Actor =
  /** A signed-in person. `isOwner`: administers this installation. `sessionEndsAt`: for what outlives the request, such as a socket. */
  | { kind: 'user'; userId: string; name: string; isOwner: boolean; sessionEndsAt?: number }
  /** Whoever can read the data directory of this installation: the command line beside the server. */
  | { kind: 'operator' }
  /** A registered runner on another machine, by its own secret. */
  | { kind: 'runner'; runnerId: string }
  | { kind: 'anonymous' };

/** Actions on one project; they need a role in it. */
const PROJECT_ACTIONS = {
  'project.read': ['owner', 'editor', 'viewer'],
  'project.rename': ['owner'],
  'project.invite': ['owner'],
  'pipeline.read': ['owner', 'editor', 'viewer'],
  'pipeline.create': ['owner', 'editor'],
  'pipeline.edit': ['owner', 'editor'],
  'card.read': ['owner', 'editor', 'viewer'],
  'card.edit': ['owner', 'editor'],
  'file.read': ['owner', 'editor', 'viewer'],
  'file.upload': ['owner', 'editor'],
  'run.read': ['owner', 'editor', 'viewer'],
  'run.start': ['owner', 'editor'],
  /** What one has started oneself. */
  'run.cancel': ['owner', 'editor'],
  'run.cancelOthers': ['owner'],
  'artifact.read': ['owner', 'editor', 'viewer'],
} as const satisfies Record<string, readonly Role[]>;

/** Actions on the installation itself. `owner`: who administers it. */
const INSTANCE_ACTIONS = {
  'instance.read': ['anonymous', 'user', 'operator'],
  'instance.link': ['anonymous', 'user', 'operator'],
  'instance.ownerLink': ['operator'],
  'project.list': ['user', 'operator'],
  'project.create': ['user', 'operator'],
  'pool.list': ['user', 'operator'],
  'runner.list': ['owner', 'operator'],
  'runner.manage': ['owner', 'operator'],
  // Whoever has a registration token, which the use case asks for.
  'runner.register': ['anonymous', 'user', 'operator', 'runner'],
  // The bus and the artifacts, for runners on other machines.
  'runner.serve': ['runner'],
} as const satisfies Record<string, readonly (Actor['kind'] | 'owner')[]>;

export type ProjectAction = keyof typeof PROJECT_ACTIONS;
export type InstanceAction = keyof typeof INSTANCE_ACTIONS;

export const projectActions = Object.keys(PROJECT_ACTIONS) as ProjectAction[];
export const instanceActions = Object.keys(INSTANCE_ACTIONS) as InstanceAction[];

/** May the actor do this to the installation? */
export function canOnInstance(actor: Actor, action: InstanceAction): boolean {
  const allowed: readonly string[] = INSTANCE_ACTIONS[action];
  return allowed.includes(actor.kind) || (actor.kind === 'user' && actor.isOwner && allowed.includes('owner'));
}

/**
 * May the actor, whose role in the project is `role` (undefined: none), do this in it?
 * The operator may do everything: who reads the data directory has the data anyway.
 */
export function canInProject(actor: Actor, action: ProjectAction, role: Role | undefined): boolean {
  if (actor.kind === 'operator') return true;
  if (actor.kind !== 'user' || role === undefined) return false;
  return (PROJECT_ACTIONS[action] as readonly Role[]).includes(role);
}

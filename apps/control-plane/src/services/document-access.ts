/** Who may open which shared document. The same permission table as at every other door; absent means no. */
import { canInProject, type Actor, type ProjectAction } from '@ensemble/permissions';
import type { DocumentKind, DocumentRef } from '@ensemble/protocol';
import type { Cards } from '../modules/cards/index.ts';
import type { Person } from '../modules/collaboration/index.ts';
import type { Pipelines } from '../modules/pipelines/index.ts';
import type { Projects } from '../modules/projects/index.ts';

/** Somebody at a socket: how others see them, and who they are to the permission table. */
export interface Visitor extends Person {
  actor: Actor;
}

export function visitorOf(actor: Actor): Visitor | undefined {
  if (actor.kind === 'anonymous' || actor.kind === 'runner') return undefined;
  return actor.kind === 'operator' ? { userId: 'operator', name: 'Operator', actor } : { userId: actor.userId, name: actor.name, actor };
}

const ACTIONS: Record<DocumentKind, { read: ProjectAction; write?: ProjectAction }> = {
  pipeline: { read: 'pipeline.read', write: 'pipeline.edit' },
  card: { read: 'card.read', write: 'card.edit' },
  project: { read: 'project.read' },
  run: { read: 'run.read' },
};

export interface DocumentAccessOptions {
  projects: Pick<Projects, 'roleOf' | 'exists'>;
  pipelines: Pick<Pipelines, 'projectOf'>;
  cards: Pick<Cards, 'projectOf' | 'isTrashed'>;
  projectOfRun(runId: string): Promise<string | undefined>;
  /** Before a project's index is opened. */
  onProjectOpened(projectId: string): Promise<void>;
}

export function createDocumentAccess(options: DocumentAccessOptions) {
  const { projects, pipelines, cards, projectOfRun, onProjectOpened } = options;

  const projectOf: Record<DocumentKind, (id: string) => Promise<string | undefined>> = {
    pipeline: (id) => pipelines.projectOf(id),
    card: (id) => cards.projectOf(id),
    run: projectOfRun,
    project: async (id) => ((await projects.exists(id)) ? id : undefined),
  };

  return async function authorize({ actor }: Visitor, ref: DocumentRef): Promise<'read' | 'write' | undefined> {
    const projectId = await projectOf[ref.kind](ref.id);
    if (projectId === undefined) return undefined;
    const role = actor.kind === 'user' ? await projects.roleOf(actor.userId, projectId) : undefined;
    const { read, write } = ACTIONS[ref.kind];
    if (!canInProject(actor, read, role)) return undefined;
    if (ref.kind === 'project') await onProjectOpened(projectId);
    if (write === undefined || !canInProject(actor, write, role)) return 'read';
    return ref.kind === 'card' && (await cards.isTrashed(ref.id)) ? 'read' : 'write';
  };
}

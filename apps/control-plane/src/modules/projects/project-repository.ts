/** Rows of `project` and `project_member`. */
import type { Role } from '@ensemble/permissions';
import { ProjectRole } from '@ensemble/protocol';
import type { Database, Sql } from '../../platform/database/database.ts';

export interface ProjectRow {
  id: string;
  name: string;
  createdAt: Date;
}

export interface ProjectRepository {
  add(project: { id: string; name: string; arriving?: boolean }, owners: readonly string[]): Promise<ProjectRow>;
  /** In a transaction of the caller's. */
  arrived(sql: Sql, projectId: string): Promise<void>;
  removeArriving(): Promise<void>;
  find(projectId: string): Promise<ProjectRow | undefined>;
  /** Newest first. */
  all(): Promise<ProjectRow[]>;
  /** Newest first. */
  ofUser(userId: string): Promise<(ProjectRow & { role: Role })[]>;
  roleOf(projectId: string, userId: string): Promise<Role | undefined>;
  setRole(projectId: string, userId: string, role: Role): Promise<void>;
  remove(projectId: string): Promise<void>;
  members(projectId: string): Promise<{ userId: string; name: string; role: Role }[]>;
}

export function createProjectRepository({ prisma }: Database): ProjectRepository {
  return {
    add: (project, owners) =>
      prisma.project.create({ data: { ...project, members: { create: owners.map((userId) => ({ userId, role: 'owner' })) } } }),
    async find(id) {
      return (await prisma.project.findUnique({ where: { id, arriving: false } })) ?? undefined;
    },
    all: () => prisma.project.findMany({ where: { arriving: false }, orderBy: { createdAt: 'desc' } }),
    async ofUser(userId) {
      const rows = await prisma.projectMember.findMany({
        where: { userId, project: { arriving: false } },
        include: { project: true },
        orderBy: { project: { createdAt: 'desc' } },
      });
      return rows.map(({ project, role }) => ({ ...project, role: ProjectRole.parse(role) }));
    },
    async roleOf(projectId, userId) {
      const row = await prisma.projectMember.findUnique({
        where: { projectId_userId: { projectId, userId }, project: { arriving: false } },
        select: { role: true },
      });
      return row ? ProjectRole.parse(row.role) : undefined;
    },
    async setRole(projectId, userId, role) {
      await prisma.projectMember.upsert({
        where: { projectId_userId: { projectId, userId } },
        create: { projectId, userId, role },
        update: { role },
      });
    },
    async arrived(sql, projectId) {
      await sql.query('UPDATE project SET arriving = false WHERE id = $1', [projectId]);
    },
    async removeArriving() {
      await prisma.project.deleteMany({ where: { arriving: true } });
    },
    async remove(id) {
      await prisma.project.deleteMany({ where: { id } });
    },
    async members(projectId) {
      const rows = await prisma.projectMember.findMany({
        where: { projectId },
        include: { user: { select: { name: true } } },
        orderBy: { createdAt: 'asc' },
      });
      return rows.map(({ userId, user, role }) => ({ userId, name: user.name, role: ProjectRole.parse(role) }));
    },
  };
}

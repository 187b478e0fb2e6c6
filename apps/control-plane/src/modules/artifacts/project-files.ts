/** Files of a project: bytes in the artifact store, one row for each name. Ignores what is in them. */
import { ArtifactError, type ArtifactStore } from '@ensemble/artifact-store';
import { FileProfile, type ProjectFile, type ProjectFileDetail } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Database } from '../../platform/database/database.ts';
import { requireFileName } from './file-name.ts';

export const MAX_FILE_BYTES = 4 * 1024 ** 3;
const MAX_LISTED = 2_000;

/** What is known of the inside of a file; `tableSha256` is its table as Parquet when the file itself is something else. */
export interface Inspection {
  profile: FileProfile;
  tableSha256: string | null;
}

/** A file as other modules see it. */
interface StoredFile extends ProjectFileDetail {
  tableSha256: string | null;
}

export interface ProjectFiles {
  add(projectId: string, name: string, content: AsyncIterable<Uint8Array>): Promise<ProjectFile>;
  /** The bytes are below `within`, a directory of ours. A file that was hidden comes back. */
  addInspected(projectId: string, name: string, path: string, within: string, inspection: Inspection): Promise<ProjectFileDetail>;
  /** Newest first, without hidden ones. */
  list(projectId: string): Promise<ProjectFileDetail[]>;
  /** Throws not-found for another project's file and for a hidden one. */
  find(projectId: string, fileId: string): Promise<StoredFile>;
  keepInspection(fileId: string, inspection: Inspection): Promise<void>;
  rename(projectId: string, fileId: string, name: string): Promise<ProjectFileDetail>;
  hide(projectId: string, fileId: string): Promise<void>;
}

interface Row {
  id: string;
  sha256: string;
  name: string;
  bytes: bigint;
  profile: unknown;
  tableSha256: string | null;
  createdAt: Date;
}

export function createProjectFiles(
  database: Database,
  store: Pick<ArtifactStore, 'put' | 'putFile'>,
  maxBytes = MAX_FILE_BYTES,
): ProjectFiles {
  const { prisma } = database;
  const found = async (projectId: string, fileId: string): Promise<Row> => {
    const row = await prisma.projectFile.findFirst({ where: { id: fileId, projectId, hiddenAt: null } });
    if (!row) throw notFound('file');
    return row;
  };
  return {
    async add(projectId, name, content) {
      requireFileName(name);
      const { sha256, size } = await store.put(content, { maxBytes }).catch((error: unknown) => {
        throw error instanceof ArtifactError ? present(error, maxBytes) : error;
      });
      const key = { projectId_sha256_name: { projectId, sha256, name } };
      await prisma.projectFile.upsert({
        where: key,
        create: { projectId, sha256, name, bytes: BigInt(size) },
        update: { hiddenAt: null },
      });
      return { sha256, name, bytes: size };
    },
    async addInspected(projectId, name, path, within, { profile, tableSha256 }) {
      const { sha256, size } = await store.putFile(path, { maxBytes, within }).catch((error: unknown) => {
        throw error instanceof ArtifactError ? present(error, maxBytes) : error;
      });
      const row = await prisma.projectFile.upsert({
        where: { projectId_sha256_name: { projectId, sha256, name } },
        create: { projectId, sha256, name, bytes: BigInt(size), profile, tableSha256 },
        update: { hiddenAt: null, profile, tableSha256 },
      });
      return detailOf(row);
    },
    async list(projectId) {
      const rows = await prisma.projectFile.findMany({
        where: { projectId, hiddenAt: null },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take: MAX_LISTED,
      });
      return rows.map(detailOf);
    },
    async find(projectId, fileId) {
      const row = await found(projectId, fileId);
      return { ...detailOf(row), tableSha256: row.tableSha256 };
    },
    async keepInspection(fileId, { profile, tableSha256 }) {
      await prisma.projectFile.update({ where: { id: fileId }, data: { profile, tableSha256 } });
    },
    async rename(projectId, fileId, name) {
      requireFileName(name);
      const { sha256 } = await found(projectId, fileId);
      const taken = await prisma.projectFile.findFirst({ where: { projectId, sha256, name, NOT: { id: fileId } } });
      if (taken) throw new ApiError('conflict', `The project has, or had, the same file under the name ${name} already.`);
      return detailOf(await prisma.projectFile.update({ where: { id: fileId }, data: { name } }));
    },
    async hide(projectId, fileId) {
      await found(projectId, fileId);
      await prisma.projectFile.update({ where: { id: fileId }, data: { hiddenAt: new Date() } });
    },
  };
}

function detailOf({ id, sha256, name, bytes, profile, createdAt }: Row): ProjectFileDetail {
  return { id, sha256, name, bytes: Number(bytes), profile: FileProfile.nullable().parse(profile), createdAt: createdAt.getTime() };
}

function present(error: ArtifactError, maxBytes: number): Error {
  if (error.code === 'artifact/too-large') return new ApiError('too-large', `A file may have at most ${maxBytes} bytes.`);
  if (error.code === 'artifact/no-space')
    return new ApiError('unavailable', 'The disk of the server is full: make room, then send the file again.');
  return error;
}

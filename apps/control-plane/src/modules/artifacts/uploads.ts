/**
 * Files on their way: each is a folder with what was announced and the bytes that came so far, so that a broken connection or a
 * restarted server costs at most the last chunk. Nothing of it is a project file until `finish` has looked at all of it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_UPLOAD_BYTES, type CreateUploadBody, type ProjectFileDetail, type Upload } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import { newId } from '../../platform/ids.ts';
import { requireFileName } from './file-name.ts';
import type { Inspection, ProjectFiles } from './project-files.ts';

const LIFE_MS = 24 * 3_600_000;
const MAX_OPEN = 50;

export interface Uploads {
  create(projectId: string, body: CreateUploadBody): Promise<Upload>;
  state(projectId: string, uploadId: string): Promise<Upload>;
  /** Throws conflict for another offset than the present one and while another chunk is being written. */
  append(projectId: string, uploadId: string, offset: number, chunk: Uint8Array): Promise<Upload>;
  /** Throws invalid-file for bytes that are not what they should be, and forgets them. */
  finish(projectId: string, uploadId: string, sha256: string | undefined, signal: AbortSignal): Promise<ProjectFileDetail>;
  abandon(projectId: string, uploadId: string): Promise<void>;
}

export interface UploadsOptions {
  directory: string;
  files: Pick<ProjectFiles, 'addInspected'>;
  /** Reads a file that is not known yet. Throws invalid-file for one that is broken. */
  inspect(path: string, name: string, signal: AbortSignal): Promise<Inspection>;
  now(): number;
  maxBytes?: number;
}

interface Announced extends CreateUploadBody {
  projectId: string;
  createdAt: number;
}

export function createUploads({ directory, files, inspect, now, maxBytes = MAX_UPLOAD_BYTES }: UploadsOptions): Uploads {
  /** One request at a time works on an upload. */
  const busy = new Set<string>();
  const folderOf = (uploadId: string): string => path.join(directory, uploadId);
  const dataOf = (uploadId: string): string => path.join(folderOf(uploadId), 'data');

  const announced = async (uploadId: string): Promise<Announced | undefined> => {
    if (!/^[\w-]{16}$/.test(uploadId)) return undefined;
    try {
      return JSON.parse(await readFile(path.join(folderOf(uploadId), 'announced.json'), 'utf8')) as Announced;
    } catch {
      return undefined;
    }
  };
  const find = async (projectId: string, uploadId: string): Promise<Announced & { offset: number }> => {
    const known = await announced(uploadId);
    if (!known || known.projectId !== projectId) throw notFound('upload');
    return { ...known, offset: (await stat(dataOf(uploadId))).size };
  };
  const remove = (uploadId: string): Promise<void> => rm(folderOf(uploadId), { recursive: true, force: true });
  const alone = async <T>(uploadId: string, work: () => Promise<T>): Promise<T> => {
    if (busy.has(uploadId)) throw new ApiError('conflict', 'Another request is working on this upload: ask for its state, then go on.');
    busy.add(uploadId);
    try {
      return await work();
    } finally {
      busy.delete(uploadId);
    }
  };
  /** Forgets what is over its time; returns how many are left in the project. */
  const sweep = async (projectId: string): Promise<number> => {
    let open = 0;
    for (const uploadId of await readdir(directory).catch(() => [])) {
      if (busy.has(uploadId)) continue;
      const known = await announced(uploadId);
      if (known && now() - known.createdAt < LIFE_MS) open += known.projectId === projectId ? 1 : 0;
      // A folder without its announcement may be one that is just being made.
      else if (known || now() - (await stat(folderOf(uploadId)).catch(() => ({ mtimeMs: now() }))).mtimeMs > LIFE_MS)
        await remove(uploadId);
    }
    return open;
  };

  return {
    async create(projectId, { name, bytes }) {
      requireFileName(name);
      if (bytes > maxBytes) throw new ApiError('too-large', `A file may have at most ${maxBytes} bytes; this one has ${bytes}.`);
      if (bytes === 0) throw new ApiError('invalid-file', 'The file is empty.');
      if ((await sweep(projectId)) >= MAX_OPEN) {
        throw new ApiError('too-many-requests', `The project has ${MAX_OPEN} unfinished uploads: finish or delete some of them.`);
      }
      const id = newId();
      await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
      await writeFile(dataOf(id), '');
      const content: Announced = { projectId, name, bytes, createdAt: now() };
      await writeFile(path.join(folderOf(id), 'announced.json'), JSON.stringify(content));
      return { id, name, bytes, offset: 0 };
    },

    async state(projectId, uploadId) {
      const { name, bytes, offset } = await find(projectId, uploadId);
      return { id: uploadId, name, bytes, offset };
    },

    append: (projectId, uploadId, offset, chunk) =>
      alone(uploadId, async () => {
        const { name, bytes, offset: present } = await find(projectId, uploadId);
        if (offset !== present) throw new ApiError('conflict', `The upload is at byte ${present}: go on from there.`);
        if (present + chunk.length > bytes)
          throw new ApiError('bad-request', `The upload was announced with ${bytes} bytes, and this is more.`);
        const handle = await open(dataOf(uploadId), 'r+');
        try {
          const { bytesWritten } = await handle.write(chunk, 0, chunk.length, present);
          if (bytesWritten < chunk.length) throw diskFull();
        } catch (error) {
          await handle.truncate(present);
          throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? diskFull() : error;
        } finally {
          await handle.close();
        }
        return { id: uploadId, name, bytes, offset: (await stat(dataOf(uploadId))).size };
      }),

    finish: (projectId, uploadId, sha256, signal) =>
      alone(uploadId, async () => {
        const { name, bytes, offset } = await find(projectId, uploadId);
        if (offset !== bytes) throw new ApiError('conflict', `${bytes - offset} bytes of the file are missing: go on from byte ${offset}.`);
        try {
          if (sha256 !== undefined && (await hashOf(dataOf(uploadId))) !== sha256) {
            throw new ApiError('invalid-file', 'The bytes that came are not those that were sent: send the file again.');
          }
          const inspection = await inspect(dataOf(uploadId), name, signal);
          const file = await files.addInspected(projectId, name, dataOf(uploadId), folderOf(uploadId), inspection);
          await remove(uploadId);
          return file;
        } catch (error) {
          // Of a file that is refused nothing stays; after any other fault the upload can be finished again.
          if (error instanceof ApiError && error.code === 'invalid-file') await remove(uploadId);
          throw error;
        }
      }),

    abandon: (projectId, uploadId) =>
      alone(uploadId, async () => {
        await find(projectId, uploadId);
        await remove(uploadId);
      }),
  };
}

const diskFull = (): ApiError => new ApiError('unavailable', 'The disk of the server is full: make room, then go on.');

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

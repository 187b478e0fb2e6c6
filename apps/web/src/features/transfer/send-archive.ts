/** Packs a folder and sends a zip, telling how far it is. The only call that does not go by `fetch`, which cannot tell that. */
import { MAX_ARCHIVE_BYTES, ProjectImport } from '@ensemble/protocol';
import { zip, type AsyncZippable } from 'fflate';
import { ApiFailure, failureOf, offline } from '../../shared/api/api-client.ts';
import type { FolderFile } from './dropped-files.ts';

/** `share` is from 0 to 1; `checking`: everything is there, and the server reads it. */
export type Progress = { phase: 'packing' } | { phase: 'sending'; share: number } | { phase: 'checking' };

const tooLarge = (): ApiFailure =>
  new ApiFailure(413, {
    code: 'too-large',
    message: `At most ${MAX_ARCHIVE_BYTES / 1024 ** 2} MB can be imported at once. Leave large data files out and upload them in the project.`,
    mender: 'you',
  });

export async function packFolder(files: readonly FolderFile[]): Promise<Blob> {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > MAX_ARCHIVE_BYTES * 3) throw tooLarge();
  const entries: AsyncZippable = {};
  for (const { path, file } of files) entries[path] = new Uint8Array(await file.arrayBuffer());
  return await new Promise((resolve, reject) => {
    zip(entries, { level: 6 }, (error, packed) => (error ? reject(error) : resolve(new Blob([packed]))));
  });
}

/** Into a project, or into a new one. Rejects with ApiFailure, or with the signal's reason. */
export function sendArchive(
  archive: Blob,
  into: { projectId: string } | { newName: string },
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ProjectImport> {
  if (archive.size > MAX_ARCHIVE_BYTES) return Promise.reject(tooLarge());
  const address =
    'projectId' in into
      ? `/api/projects/${encodeURIComponent(into.projectId)}/import/zip`
      : `/api/import?name=${encodeURIComponent(into.newName)}`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress({ phase: 'sending', share: total > 0 ? loaded / total : 0 }),
    );
    request.upload.addEventListener('load', () => onProgress({ phase: 'checking' }));
    request.addEventListener('error', () => reject(offline('Ensemble', undefined)));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(ProjectImport.parse(JSON.parse(request.responseText)));
      else void failureOf(new Response(request.responseText, { status: request.status })).then(reject);
    });
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(archive);
  });
}

/** Every HTTP call about own data, one line each: uploads and project files. Tables: see `table-source.ts`. */
import { ProjectFileDetail, Upload } from '@ensemble/protocol';
import { command, request } from './api-client.ts';

const id = encodeURIComponent;
const uploads = (projectId: string) => `/api/projects/${id(projectId)}/uploads`;

export const dataApi = {
  files: (projectId: string) => request('GET', `/api/projects/${id(projectId)}/files`, ProjectFileDetail.array()),
  removeFile: (projectId: string, fileId: string) => command('DELETE', `/api/projects/${id(projectId)}/files/${id(fileId)}`),
  beginUpload: (projectId: string, name: string, bytes: number, signal: AbortSignal) =>
    request('POST', uploads(projectId), Upload, { name, bytes }, signal),
  upload: (projectId: string, uploadId: string, signal: AbortSignal) =>
    request('GET', `${uploads(projectId)}/${id(uploadId)}`, Upload, undefined, signal),
  sendChunk: (projectId: string, uploadId: string, offset: number, chunk: Blob, signal: AbortSignal) =>
    request('PUT', `${uploads(projectId)}/${id(uploadId)}?offset=${offset}`, Upload, chunk, signal),
  finishUpload: (projectId: string, uploadId: string, signal: AbortSignal) =>
    request('POST', `${uploads(projectId)}/${id(uploadId)}/finish`, ProjectFileDetail, {}, signal),
  giveUpUpload: (projectId: string, uploadId: string) => command('DELETE', `${uploads(projectId)}/${id(uploadId)}`),
};

/** Every HTTP call about own data, one line each: uploads and project files. Tables: see `table-source.ts`. */
import { ProjectFileDetail, Upload } from '@ensemble/protocol';
import { client, read, sendBytes } from './api-client.ts';

const FILES = '/api/projects/{projectId}/files';
const UPLOADS = '/api/projects/{projectId}/uploads';
const UPLOAD = `${UPLOADS}/{uploadId}` as const;
const at = (projectId: string, uploadId: string) => ({ params: { path: { projectId, uploadId } } });

export const dataApi = {
  files: (projectId: string) => read(ProjectFileDetail.array(), client.GET(FILES, { params: { path: { projectId } } })),
  removeFile: (projectId: string, fileId: string) => client.DELETE(`${FILES}/{fileId}`, { params: { path: { projectId, fileId } } }),
  beginUpload: (projectId: string, name: string, bytes: number, signal: AbortSignal) =>
    read(Upload, client.POST(UPLOADS, { params: { path: { projectId } }, body: { name, bytes }, signal })),
  upload: (projectId: string, uploadId: string, signal: AbortSignal) =>
    read(Upload, client.GET(UPLOAD, { ...at(projectId, uploadId), signal })),
  sendChunk: (projectId: string, uploadId: string, offset: number, chunk: Blob, signal: AbortSignal) =>
    read(Upload, client.PUT(UPLOAD, { params: { path: { projectId, uploadId }, query: { offset } }, ...sendBytes(chunk), signal })),
  finishUpload: (projectId: string, uploadId: string, signal: AbortSignal) =>
    read(ProjectFileDetail, client.POST(`${UPLOAD}/finish`, { ...at(projectId, uploadId), body: {}, signal })),
  giveUpUpload: (projectId: string, uploadId: string) => client.DELETE(UPLOAD, at(projectId, uploadId)),
};

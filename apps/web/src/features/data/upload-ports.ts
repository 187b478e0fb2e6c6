/** How the browser sends files: the ports of `uploadFile` over HTTP. */
import { ApiFailure } from '../../shared/api/api-client.ts';
import { dataApi } from '../../shared/api/data-api.ts';
import type { UploadPorts } from './upload-file.ts';

const PASSING = new Set([0, 408, 409, 429]);

export const uploadPorts = (projectId: string): UploadPorts => ({
  begin: (name, bytes, signal) => dataApi.beginUpload(projectId, name, bytes, signal),
  async state(uploadId, signal) {
    try {
      return await dataApi.upload(projectId, uploadId, signal);
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) return undefined;
      throw error;
    }
  },
  send: (uploadId, offset, chunk, signal) => dataApi.sendChunk(projectId, uploadId, offset, chunk, signal),
  finish: (uploadId, signal) => dataApi.finishUpload(projectId, uploadId, signal),
  passes: (error) => error instanceof ApiFailure && (PASSING.has(error.status) || error.status >= 500),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new DOMException('The upload was ended.', 'AbortError'));
      });
    }),
});

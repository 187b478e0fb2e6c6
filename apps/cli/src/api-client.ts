/** The HTTP API for the command line: typed calls with the token of the installation, and files to and from the disk. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createApiClient, read, sendBytes, type ApiClient } from '@ensemble/api-client';
import { ProjectFile } from '@ensemble/protocol';
import type { ServerAddress } from './server-address.ts';

export const connect = ({ url, token }: ServerAddress): ApiClient =>
  createApiClient({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });

export const uploadFile = (api: ApiClient, projectId: string, file: string, name: string): Promise<ProjectFile> =>
  read(
    ProjectFile,
    api.POST('/api/projects/{projectId}/files', {
      params: { path: { projectId }, query: { name } },
      ...sendBytes(Readable.toWeb(createReadStream(file)) as ReadableStream),
    }),
  );

/** Writes an output of a step to a file. */
export async function downloadOutput(api: ApiClient, runId: string, nodeId: string, key: string, file: string): Promise<void> {
  const { data } = await api.GET('/api/runs/{id}/steps/{nodeId}/artifacts/{key}', {
    params: { path: { id: runId, nodeId, key } },
    parseAs: 'stream',
  });
  // An empty answer has no stream.
  await pipeline(data ? Readable.fromWeb(data) : Readable.from([]), createWriteStream(file));
}

/** One output of a step, to download. Its bytes come from a card: the browser must treat them as a file and nothing else. */
import type { Readable } from 'node:stream';
import { extname } from 'node:path';
import type { Actor } from '@ensemble/permissions';
import type { OutputArtifact } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import type { Artifacts } from './ports.ts';
import { authorizedStep } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';

export interface ArtifactDownload {
  stream: Readable;
  headers: Record<string, string>;
}

export type OpenArtifactPorts = Pick<ReadRunsPorts, 'sql' | 'authorize'> & { artifacts: Pick<Artifacts, 'openRead'> };

/** Only types that a browser cannot be made to execute; SVG and HTML are bytes like any other. */
const SAFE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** Throws not-found for what is not there and for what the actor may not read. */
export async function outputOf(
  ports: Pick<OpenArtifactPorts, 'sql' | 'authorize'>,
  actor: Actor,
  runId: string,
  nodeId: string,
  key: string,
): Promise<OutputArtifact> {
  const { step } = await authorizedStep(ports, actor, 'artifact.read', runId, nodeId);
  const output = step.outputs.find((candidate) => candidate.key === key);
  if (!output) throw notFound('artifact');
  return output;
}

export async function openArtifact(
  ports: OpenArtifactPorts,
  actor: Actor,
  runId: string,
  nodeId: string,
  key: string,
): Promise<ArtifactDownload> {
  const output = await outputOf(ports, actor, runId, nodeId, key);
  const name = output.ref.split('/').at(-1) ?? key;
  const type = SAFE_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
  const stream = await ports.artifacts.openRead(output.sha256);
  return {
    stream,
    headers: {
      'content-type': type,
      'content-length': String(output.bytes),
      'content-disposition': contentDisposition(type.startsWith('image/') ? 'inline' : 'attachment', name),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${output.sha256}"`,
    },
  };
}

/** RFC 6266: a plain name for old readers, the true one in UTF-8. */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

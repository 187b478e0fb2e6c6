/** Which store a process uses: its directory alone, or the directory before a bucket. */
import { join } from 'node:path';
import type { ArtifactStore } from './artifact-store.ts';
import { openCachedStore } from './cached-store.ts';
import { openDirectoryStore } from './directory-store.ts';
import { createS3Artifacts } from './s3-artifacts.ts';
import type { S3Settings } from './s3-artifacts.ts';

const S3_VARIABLES = ['S3_BUCKET', 'S3_ENDPOINT', 'S3_REGION', 'S3_PREFIX', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** Undefined without `S3_BUCKET`. Throws one sentence that names the variable which is missing or wrong. */
export function readS3Settings(env: Partial<Record<(typeof S3_VARIABLES)[number], string | undefined>>): S3Settings | undefined {
  const text = (name: (typeof S3_VARIABLES)[number]): string | undefined => env[name]?.trim() || undefined;
  const bucket = text('S3_BUCKET');
  if (bucket === undefined) {
    const alone = S3_VARIABLES.find((name) => text(name) !== undefined);
    if (alone !== undefined) throw new Error(`${alone} is set, but S3_BUCKET is not: name the bucket, or unset the others.`);
    return undefined;
  }
  const [accessKeyId, secretAccessKey] = [text('S3_ACCESS_KEY_ID'), text('S3_SECRET_ACCESS_KEY')];
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error('S3_BUCKET is set: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed as well.');
  const endpoint = text('S3_ENDPOINT');
  if (endpoint !== undefined && !['http:', 'https:'].includes(URL.parse(endpoint)?.protocol ?? ''))
    throw new Error(`S3_ENDPOINT is "${endpoint}", but must be a URL that begins with http:// or https://.`);
  const prefix = text('S3_PREFIX')?.replaceAll(/^\/+|\/+$/g, '') ?? '';
  return {
    bucket,
    endpoint: endpoint?.replace(/\/+$/, ''),
    region: text('S3_REGION') ?? 'us-east-1',
    prefix: prefix === '' ? '' : `${prefix}/`,
    accessKeyId,
    secretAccessKey,
  };
}

/** What makes another process read the same settings. */
export const s3Environment = ({ bucket, endpoint, region, prefix, accessKeyId, secretAccessKey }: S3Settings): Record<string, string> => ({
  S3_BUCKET: bucket,
  S3_REGION: region,
  S3_PREFIX: prefix,
  S3_ACCESS_KEY_ID: accessKeyId,
  S3_SECRET_ACCESS_KEY: secretAccessKey,
  ...(endpoint === undefined ? {} : { S3_ENDPOINT: endpoint }),
});

export const openStore = (directory: string, s3: S3Settings | undefined): Promise<ArtifactStore> =>
  s3 === undefined ? openDirectoryStore(directory) : openCachedStore(directory, createS3Artifacts(s3, join(directory, 'uploads')));

/**
 * Artifacts in a bucket of an S3-compatible object store, below `<prefix>sha256/ab/cdef…`. Large ones go in parts; what was
 * uploaded of one that was interrupted is remembered in a folder. Needs no conditional PUT and no lifecycle rule.
 */
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ArtifactError, unknownArtifact } from './artifact-store.ts';
import type { RemoteArtifacts } from './remote-artifacts.ts';

export interface S3Settings {
  /** Of a store that is not AWS: `https://host:port`. */
  endpoint?: string | undefined;
  region: string;
  bucket: string;
  /** Before every name: empty, or ends with a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const MIB = 1 << 20;
/** The most that goes in one piece; stores refuse parts below 5 MiB. */
const PART_BYTES = 16 * MIB;
const MAX_PARTS = 9_000;
/** A store that says nothing for so long is away. */
const SILENCE_MS = 30_000;

interface Upload {
  id: string;
  partBytes: number;
  etags: string[];
}

/** `uploadsDirectory` keeps what is known of uploads under way; made when missing. */
export function createS3Artifacts(settings: S3Settings, uploadsDirectory: string): RemoteArtifacts & { close(): void } {
  const { endpoint, region, bucket, prefix, accessKeyId, secretAccessKey } = settings;
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    region,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: SILENCE_MS, socketTimeout: SILENCE_MS },
  });
  const at = (sha256: string) => ({ Bucket: bucket, Key: `${prefix}sha256/${sha256.slice(0, 2)}/${sha256.slice(2)}` });
  const recordOf = (sha256: string) => join(uploadsDirectory, `${sha256}.json`);

  async function remember(sha256: string, upload: Upload): Promise<void> {
    await mkdir(uploadsDirectory, { recursive: true });
    const file = recordOf(sha256);
    await writeFile(`${file}.new`, JSON.stringify(upload));
    await rename(`${file}.new`, file);
  }

  async function remembered(sha256: string): Promise<Upload | undefined> {
    const text = await readFile(recordOf(sha256), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as Upload);
  }

  async function writeParts(sha256: string, size: number, file: string, known: Upload | undefined): Promise<void> {
    const partBytes = known?.partBytes ?? Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS / MIB) * MIB);
    const upload = known ?? { id: (await client.send(new CreateMultipartUploadCommand(at(sha256)))).UploadId!, partBytes, etags: [] };
    await remember(sha256, upload);
    const source = await open(file, 'r');
    try {
      while (upload.etags.length * partBytes < size) {
        const start = upload.etags.length * partBytes;
        const body = Buffer.alloc(Math.min(partBytes, size - start));
        await source.read(body, 0, body.length, start);
        const part = { ...at(sha256), UploadId: upload.id, PartNumber: upload.etags.length + 1, Body: body };
        upload.etags.push((await client.send(new UploadPartCommand(part))).ETag!);
        await remember(sha256, upload);
      }
    } finally {
      await source.close();
    }
    const Parts = upload.etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    await client.send(new CompleteMultipartUploadCommand({ ...at(sha256), UploadId: upload.id, MultipartUpload: { Parts } }));
  }

  const remote: RemoteArtifacts = {
    size: (sha256) =>
      explained(async () => {
        try {
          return (await client.send(new HeadObjectCommand(at(sha256)))).ContentLength;
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),
    read: (sha256, range) =>
      explained(async () => {
        const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}`;
        try {
          const { Body } = await client.send(new GetObjectCommand({ ...at(sha256), Range }));
          if (Body instanceof Readable) return Body;
          throw new Error('the store answered without a body');
        } catch (error) {
          throw statusOf(error) === 404 ? unknownArtifact(sha256) : error;
        }
      }),
    write: (sha256, size, file) =>
      explained(async () => {
        if (size <= PART_BYTES) {
          await client.send(new PutObjectCommand({ ...at(sha256), Body: await readFile(file), ContentLength: size }));
          return;
        }
        const known = await remembered(sha256);
        try {
          await writeParts(sha256, size, file, known);
        } catch (error) {
          // The store may have forgotten the upload, which only another one mends.
          if (known === undefined || statusOf(error) === undefined) throw error;
          await client.send(new AbortMultipartUploadCommand({ ...at(sha256), UploadId: known.id })).catch(() => undefined);
          await writeParts(sha256, size, file, undefined);
        }
        await rm(recordOf(sha256), { force: true });
      }),
  };
  return { ...remote, close: () => client.destroy() };

  async function explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ArtifactError) throw error;
      const refused = statusOf(error) === 403 || statusOf(error) === 401;
      const place = `the bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new ArtifactError(
        'artifact/unavailable',
        refused
          ? `${place} refused the key (${reason}); check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and what the key may do.`
          : `${place} did not do its work (${reason}); nothing is lost, try again when it answers.`,
        { cause: error },
      );
    }
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

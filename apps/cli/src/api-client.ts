/** Calls the HTTP API of a control plane. Knows no commands. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiErrorBody } from '@ensemble/protocol';
import type { ZodType } from 'zod';
import { CliError } from './cli-error.ts';

/** An answer of the server that is not a success. */
export class ApiFailure extends CliError {
  readonly status: number;
  readonly body: ApiErrorBody;

  constructor(status: number, body: ApiErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

export interface ApiClient {
  get<T>(path: string, schema: ZodType<T>): Promise<T>;
  post<T>(path: string, schema: ZodType<T>, body: unknown): Promise<T>;
  /** Sends a stream of bytes as the body. */
  upload<T>(path: string, schema: ZodType<T>, bytes: Readable): Promise<T>;
  /** Writes the answer's bytes to a file. */
  download(path: string, file: string): Promise<void>;
}

export function createApiClient(baseUrl: string, token: string): ApiClient {
  const call = async (
    method: string,
    path: string,
    init: Omit<RequestInit, 'headers'> & { duplex?: 'half'; headers?: Record<string, string> } = {},
  ): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(path, baseUrl), { ...init, method, headers: { authorization: `Bearer ${token}`, ...init.headers } });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new CliError(`No answer from ${baseUrl} (${cause}). Is the server running?`);
    }
    if (response.ok) return response;
    const text = await response.text();
    const parsed = ApiErrorBody.safeParse(parseJson(text));
    const fallback = { code: 'internal', message: `The server answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}` };
    throw new ApiFailure(response.status, parsed.success ? parsed.data : fallback);
  };
  const read = async <T>(response: Response, schema: ZodType<T>): Promise<T> => schema.parse(await response.json());
  return {
    get: async (path, schema) => read(await call('GET', path), schema),
    post: async (path, schema, body) =>
      read(await call('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }), schema),
    upload: async (path, schema, bytes) =>
      read(
        await call('POST', path, {
          body: Readable.toWeb(bytes) as RequestInit['body'],
          duplex: 'half',
          headers: { 'content-type': 'application/octet-stream' },
        }),
        schema,
      ),
    async download(path, file) {
      const response = await call('GET', path);
      if (!response.body) throw new CliError(`The server sent no bytes for ${path}.`);
      await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

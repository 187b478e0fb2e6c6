import { ApiErrorBody } from '@ensemble/protocol';

/** The parts of a zod schema that a request needs. */
export interface Parser<T> {
  parse(value: unknown): T;
}

/** An answer that is no success, in the words of the server's error catalogue. `status` 0: no answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: NonNullable<ApiErrorBody['problems']>;

  constructor(status: number, code: string, message: string, problems: NonNullable<ApiErrorBody['problems']> = []) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A `Blob` is sent as the bytes it is, anything else as JSON. */
async function send(method: Method, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const type = body instanceof Blob ? 'application/octet-stream' : 'application/json';
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': type },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiFailure(0, 'offline', 'Ensemble cannot be reached. Check that the server runs, then try again.');
  }
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const parsed = ApiErrorBody.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return new ApiFailure(response.status, parsed.data.code, parsed.data.message, parsed.data.problems);
  return new ApiFailure(response.status, 'unknown', `The server answered with status ${response.status}. Try again in a moment.`);
}

/** One request; the JSON answer is parsed by `schema`. Throws `ApiFailure`, or what `fetch` throws when `signal` ends it. */
export async function request<T>(method: Method, path: string, schema: Parser<T>, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(method, path, body, signal);
  if (!response.ok) throw await failureOf(response);
  return schema.parse(await response.json());
}

/** One request whose answer has no body worth reading. Throws `ApiFailure`. */
export async function command(method: Method, path: string, body?: unknown): Promise<void> {
  const response = await send(method, path, body);
  if (!response.ok) throw await failureOf(response);
}

/** A sentence for people about anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiFailure ? error.message : 'Something unexpected happened. Reload the page to go on.';

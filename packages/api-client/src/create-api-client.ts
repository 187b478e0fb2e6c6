/** The HTTP API as typed calls: addresses, parameters, bodies and answers are those the server describes. */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import { failureOf, offline } from './api-failure.ts';
import type { paths } from './generated/schema.ts';

/** Every call throws `ApiFailure` for an answer that is no success and for none at all, or what `fetch` throws when its signal ends it. */
export type ApiClient = Client<paths>;

/** `baseUrl` is where the server is, if not where the page came from; `headers` go with every call. */
export function createApiClient(options: Pick<ClientOptions, 'baseUrl' | 'fetch' | 'headers'>): ApiClient {
  const client = createClient<paths>(options);
  client.use({
    async onResponse({ response }) {
      if (!response.ok) throw await failureOf(response);
    },
    onError({ request, error }) {
      if (!request.signal.aborted) throw offline(options.baseUrl ?? 'Ensemble', error);
    },
  });
  return client;
}

/** The parts of a zod schema that an answer needs. */
export interface Parser<T> {
  parse(value: unknown): T;
}

/** The answer of a call, checked by `schema`, which has to fit what the server describes. */
export async function read<Described, Answer extends Described>(
  schema: Parser<Answer>,
  call: Promise<{ data?: Described }>,
): Promise<Answer> {
  return schema.parse((await call).data);
}

/** Options of a call whose body is bytes, sent as they are and, for a stream, as they come. */
export const sendBytes = <Bytes extends Blob | ReadableStream>(bytes: Bytes) => ({
  body: bytes,
  bodySerializer: (body: Blob | ReadableStream) => body,
  headers: { 'content-type': 'application/octet-stream' },
  ...(bytes instanceof ReadableStream ? { duplex: 'half' as const } : {}),
});

import { LogRange, Project } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { ApiFailure } from './api-failure.ts';
import { createApiClient, read, sendBytes } from './create-api-client.ts';

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** A client of a server that answers everything the same way, and the requests that reached it. */
function clientOf(answer: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  const client = createApiClient({
    baseUrl: 'http://ensemble.test',
    headers: { authorization: 'Bearer token' },
    fetch: async (request) => {
      requests.push(request);
      return answer(request);
    },
  });
  return { client, requests };
}

const failure = (call: Promise<unknown>): Promise<ApiFailure> =>
  call.then(
    () => Promise.reject(new Error('the call succeeded')),
    (error: ApiFailure) => error,
  );

test('a call fills in its address and sends what every call sends; the answer is checked', async () => {
  const { client, requests } = clientOf(() => json(200, { text: 'hello', nextOffset: 5, size: 5, truncated: false, complete: true }));
  const path = { id: 'run 1', nodeId: 'a/b?c' };
  const log = await read(LogRange, client.GET('/api/runs/{id}/steps/{nodeId}/log', { params: { path, query: { offset: 0 } } }));
  expect(log.text).toBe('hello');
  expect(requests[0]?.url).toBe('http://ensemble.test/api/runs/run%201/steps/a%2Fb%3Fc/log?offset=0');
  expect(requests[0]?.headers.get('authorization')).toBe('Bearer token');
  await expect(read(Project, client.GET('/api/projects/{projectId}', { params: { path: { projectId: 'x' } } }))).rejects.toThrow('name');
});

test('an answer of the error catalogue is thrown with its code, problems and who can mend it', async () => {
  const problems = [{ code: 'missing', message: 'A name is needed.', field: 'name' }];
  const { client } = clientOf(() => json(400, { code: 'bad-request', message: 'No.', mender: 'you', problems }));
  const error = await failure(client.POST('/api/projects', { body: { name: '' } }));
  expect(error).toBeInstanceOf(ApiFailure);
  expect(error).toMatchObject({ status: 400, code: 'bad-request', message: 'No.', mender: 'you', problems, explanation: 'No.' });
});

test('what only the administrator can mend says so', async () => {
  const { client } = clientOf(() => json(500, { code: 'internal', message: 'Broken.', mender: 'the administrator' }));
  expect((await failure(client.GET('/api/session'))).explanation).toBe('Broken. The administrator of this installation can mend this.');
});

test('an answer that is not ours, and none at all, are failures too', async () => {
  const proxy = clientOf(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  expect(await failure(proxy.client.GET('/api/session'))).toMatchObject({ status: 502, code: 'unknown' });
  const nobody = clientOf(() => Promise.reject(new TypeError('fetch failed')));
  const error = await failure(nobody.client.GET('/api/session'));
  expect(error).toMatchObject({ status: 0, code: 'offline' });
  expect(error.message).toContain('http://ensemble.test');
});

test('a call that its caller has ended is no failure of the server', async () => {
  const ended = new AbortController();
  ended.abort();
  const { client } = clientOf((request) => Promise.reject(request.signal.reason));
  expect((await failure(client.GET('/api/session', { signal: ended.signal }))).name).toBe('AbortError');
});

test('bytes are sent as they are, whole or as a stream', async () => {
  const upload = { id: 'u', name: 'a.csv', bytes: 3, offset: 3 };
  const { client, requests } = clientOf(() => json(200, upload));
  const path = { projectId: 'p', uploadId: 'u' };
  for (const bytes of [new Blob(['a,b']), new Blob(['a,b']).stream()]) {
    await client.PUT('/api/projects/{projectId}/uploads/{uploadId}', { params: { path, query: { offset: 0 } }, ...sendBytes(bytes) });
  }
  for (const request of requests) {
    expect(request.headers.get('content-type')).toBe('application/octet-stream');
    expect(await request.text()).toBe('a,b');
  }
  expect(requests).toHaveLength(2);
});

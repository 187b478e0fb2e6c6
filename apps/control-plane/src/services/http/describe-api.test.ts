import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERRORS } from '../../platform/api-error.ts';
import { openDatabase } from '../../platform/database/open-database.ts';
import { openTestControlPlane, type TestControlPlane } from '../../test-control-plane.ts';
import { operationId, tagOf } from './operation-name.ts';

interface Described {
  summary?: string;
  operationId: string;
  tags: string[];
  'x-permission': string;
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
}

let plane: TestControlPlane;
let description: Description;
beforeAll(async () => {
  plane = await openTestControlPlane(await openDatabase({ directory: 'memory://' }));
  const answer = await plane.call('GET', '/api/openapi.json');
  expect(answer.status).toBe(200);
  description = answer.body as Description;
});
afterAll(() => plane.close());

const operations = (): [string, Described][] =>
  Object.entries(description.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Described] => [`${method.toUpperCase()} ${url}`, operation]),
  );

test('every route is described, with a summary, a name of its own and the permission it asks for', () => {
  const doors = plane.routes().filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'));
  const permissions = operations().map(([name, operation]) => `${name}: ${operation['x-permission']}`);
  expect(permissions.toSorted((a, b) => a.localeCompare(b))).toEqual(
    doors.map(({ method, url, action }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}: ${action}`).toSorted((a, b) => a.localeCompare(b)),
  );
  const silent = operations().filter(([, { summary }]) => !summary);
  expect(
    silent.map(([name]) => name),
    'routes without a summary in their schema',
  ).toEqual([]);
  expect(description.openapi).toBe('3.1.0');
  expect(new Set(operations().map(([, operation]) => operation.operationId)).size).toBe(operations().length);
});

test('every operation names the body of its errors, and every reference leads somewhere', () => {
  for (const [name, { responses }] of operations())
    expect(responses.default?.content?.['application/json']?.schema.$ref, name).toBe('#/components/schemas/ApiErrorBody');
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"(?:#\/components\/schemas\/)?([^"]+)"/g)].map(
    ([, name]) => name ?? '',
  );
  expect(references.length).toBeGreaterThan(30);
  expect(references.filter((name) => !description.components.schemas[name])).toEqual([]);
  expect(Object.keys(description.components.schemas)).toEqual(expect.arrayContaining(['Project', 'RunDetail', 'StepDetail']));
  expect(description.components.schemas).not.toHaveProperty('Assignment');
});

test('the page shows every operation, runs no script and escapes what it shows', async () => {
  const { status, body, headers } = await plane.call('GET', '/api/docs');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  const page = body as string;
  for (const [, operation] of operations()) expect(page).toContain(`id="${operation.operationId}"`);
  expect(page).toContain('pipeline:&lt;id&gt;');
  expect(page).not.toContain('<script');
});

test('the errors are listed for everybody', async () => {
  const { body } = await plane.call('GET', '/api/errors');
  expect(body).toEqual(Object.entries(ERRORS).map(([code, entry]) => ({ code, ...entry })));
});

test('names are made of method and address', () => {
  expect(operationId('GET', '/api/projects/:projectId/members')).toBe('getProjectsByProjectIdMembers');
  expect(operationId('POST', '/api/owner-link')).toBe('postOwnerLink');
  expect(tagOf('/api/projects/:projectId/pipelines')).toBe('pipelines');
  expect(tagOf('/api/projects/:projectId/invitations')).toBe('projects');
});

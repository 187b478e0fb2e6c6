/**
 * The description of the HTTP API: OpenAPI made from the schemas that validate requests, the same as a page to read, and the
 * catalogue of errors. Describes what is registered after it; knows no route by name.
 */
import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import * as protocol from '@ensemble/protocol';
import { Mender } from '@ensemble/protocol';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../platform/api-error.ts';
import { BYTES, type App } from '../../platform/http/app.ts';
import { OpenApiDocument, renderApiPage } from './api-page.ts';
import { operationId, tagOf } from './operation-name.ts';

const INTRODUCTION =
  'Browsers are signed in by the session cookie, programs by the token of the installation. Every operation names the permission it asks for (x-permission).';

const ErrorEntry = z.object({ code: z.string(), status: z.number().int(), meaning: z.string(), mender: Mender });

const JSON_VALUE = { $ref: '#/components/schemas/JsonValue' };

/** Schemas of the wire keep their names in the description. */
function namedSchemas(): z.core.$ZodRegistry<{ id?: string }> {
  const registry = z.registry<{ id?: string }>();
  for (const [name, schema] of Object.entries(protocol))
    if (schema instanceof z.ZodType && !registry.has(schema)) registry.add(schema, { id: name });
  return registry;
}

export async function describeApi(app: App, version: string): Promise<void> {
  const schemaRegistry = namedSchemas();
  const toJsonSchema = createJsonSchemaTransform({ schemaRegistry });
  // Parameters are listed one by one, which takes their schema itself, not its name.
  const withoutNames = createJsonSchemaTransform({ schemaRegistry: z.registry<{ id?: string }>() });
  const withComponents = createJsonSchemaTransformObject({ schemaRegistry });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Ensemble', version, description: INTRODUCTION },
      components: {
        schemas: {
          JsonValue: {
            description: 'Any JSON value.',
            anyOf: [
              { type: ['null', 'boolean', 'number', 'string'] },
              { type: 'array', items: JSON_VALUE },
              { type: 'object', additionalProperties: JSON_VALUE },
            ],
          },
        },
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform(input) {
      const { url, route } = input;
      if (!url.startsWith('/api/')) return { schema: { hide: true }, url };
      const { params, querystring, headers, ...bodies } = input.schema ?? {};
      const parameters = Object.entries({ params, querystring, headers }).filter(([, part]) => part !== undefined);
      const schema = {
        ...toJsonSchema({ ...input, schema: bodies }).schema,
        ...withoutNames({ ...input, schema: Object.fromEntries(parameters) }).schema,
      };
      const method = [route.method].flat()[0] ?? 'GET';
      const { consumes, produces, response = { 200: rawAnswer(produces) }, ...rest } = schema;
      const responses = Object.entries(response as Record<string, object>);
      return {
        url,
        schema: {
          ...rest,
          ...(consumes ? { consumes, body: rawBody(consumes[0]) } : {}),
          operationId: operationId(method, url),
          tags: [tagOf(url)],
          'x-permission': route.config?.action,
          response: {
            ...Object.fromEntries(responses.map(([status, body]) => [status, { description: STATUS_CODES[status], ...body }])),
            default: { description: 'An error of the catalogue', $ref: '#/components/schemas/ApiErrorBody' },
          },
        },
      };
    },
    transformObject: (document) => withoutUnused(withJsonValue(withComponents(document))),
  });

  const describe = (): OpenApiDocument => OpenApiDocument.parse(app.swagger());
  const config = { action: 'instance.read' } as const;
  app.get(
    '/api/openapi.json',
    { config, schema: { summary: 'This description, as OpenAPI 3.1', response: { 200: z.looseObject({ openapi: z.string() }) } } },
    () => describe(),
  );
  app.get('/api/docs', { config, schema: { summary: 'This description, as a page', produces: ['text/html'] } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderApiPage(describe(), errorEntries())),
  );
  app.get(
    '/api/errors',
    { config, schema: { summary: 'Every error code, what it means and who can mend it', response: { 200: z.array(ErrorEntry) } } },
    () => errorEntries(),
  );
}

/** A body that is no JSON. */
const rawBody = (type: string | undefined): object => (type === BYTES ? { type: 'string', format: 'binary' } : { type: 'string' });
const rawAnswer = ([type = BYTES]: readonly string[] = []): object => ({ content: { [type]: { schema: rawBody(type) } } });

const errorEntries = (): z.infer<typeof ErrorEntry>[] => (Object.keys(ERRORS) as ErrorCode[]).map((code) => ({ code, ...ERRORS[code] }));

/** A schema that refers to itself without having a name is `z.json()`: it gets one. */
const withJsonValue = <T>(document: T): T =>
  JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && '$ref' in value && String(value.$ref).includes('__shared#') ? JSON_VALUE : value,
  ) as T;

/** Of the wire's schemas, those that some operation leads to. */
function withoutUnused<T extends { paths?: unknown; components?: { schemas?: Record<string, unknown> } }>(document: T): T {
  const schemas = document.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(schemas[name]);
    }
  };
  visit(document.paths);
  return {
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name))) },
  };
}

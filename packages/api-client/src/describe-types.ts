/** The TypeScript types of an OpenAPI description, as the text of `generated/schema.ts`. For the test that keeps that file true. */
import { createRequire } from 'node:module';
import openapiTypescript, { astToString } from 'openapi-typescript';
import type ts from 'typescript';

// This package's own TypeScript: the repository's has no such functions, and a test runner may find that one first.
const { factory } = createRequire(import.meta.url)('typescript') as typeof ts;

const HEADER = `/** Made from the server's description of its API by tests/architecture/api-types.test.ts; do not edit. */
import type { WireValue } from '@ensemble/protocol';

`;

const named = (name: string): ts.TypeNode => factory.createTypeReferenceNode(name);

export async function describeTypes(description: string): Promise<string> {
  const nodes = await openapiTypescript(description, {
    // A field with a default may be left out of a request.
    defaultNonNullable: false,
    transform({ format }, { path }) {
      if (format === 'binary') return factory.createUnionTypeNode([named('Blob'), named('ReadableStream')]);
      // It refers to itself, which a type within an interface cannot.
      return path?.endsWith('/schemas/JsonValue') ? named('WireValue') : undefined;
    },
  });
  return HEADER + astToString(nodes);
}

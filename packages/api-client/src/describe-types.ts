/** The TypeScript types of an OpenAPI description, as the text of `generated/schema.ts`. For the test that keeps that file true. */
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const HEADER = `/** Made from the server's description of its API by tests/architecture/api-types.test.ts; do not edit. */
import type { WireValue } from '@ensemble/protocol';

`;

const named = (name: string): ts.TypeNode => ts.factory.createTypeReferenceNode(name);

export async function describeTypes(description: string): Promise<string> {
  const nodes = await openapiTypescript(description, {
    // A field with a default may be left out of a request.
    defaultNonNullable: false,
    transform({ format }, { path }) {
      if (format === 'binary') return ts.factory.createUnionTypeNode([named('Blob'), named('ReadableStream')]);
      // It refers to itself, which a type within an interface cannot.
      return path?.endsWith('/schemas/JsonValue') ? named('WireValue') : undefined;
    },
  });
  return HEADER + astToString(nodes);
}

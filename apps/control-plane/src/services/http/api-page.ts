/** An OpenAPI description as one page of HTML, without scripts, so that any content security policy shows it. Pure. */
import { z } from 'zod';

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    description: z.string().optional(),
  }),
);
interface Schema {
  $ref?: string | undefined;
  type?: string | string[] | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  description?: string | undefined;
}
const Body = z.looseObject({
  description: z.string().optional(),
  content: z.record(z.string(), z.looseObject({ schema: Schema.optional() })).optional(),
});
const Operation = z.looseObject({
  summary: z.string().default(''),
  operationId: z.string(),
  tags: z.array(z.string()),
  'x-permission': z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: Schema })).default([]),
  requestBody: Body.optional(),
  responses: z.record(z.string(), Body),
});
type Operation = z.infer<typeof Operation>;

/** What the page reads of an OpenAPI document. */
export const OpenApiDocument = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), Schema).default({}) }),
});
export type OpenApiDocument = z.infer<typeof OpenApiDocument>;

interface ErrorEntry {
  code: string;
  status: number;
  meaning: string;
  mender: string;
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Names between backticks are code. */
const withCode = (value: string): string => text(value).replace(/`([^`]+)`/g, '<code>$1</code>');
const text = (value: unknown): string => String(value).replace(/[&<>"']/g, (sign) => ESCAPED[sign] ?? sign);

export function renderApiPage({ info, paths, components }: OpenApiDocument, errors: readonly ErrorEntry[]): string {
  const operations = Object.entries(paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ url, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ''))].toSorted();
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === tag);
    return `<section aria-labelledby="tag-${text(tag)}"><h2 id="tag-${text(tag)}">${text(tag)}</h2>${own.map(renderOperation).join('')}</section>`;
  });
  const schemas = Object.entries(components.schemas)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, schema]) => `<h3 id="schema-${text(name)}"><code>${text(name)}</code></h3>${renderSchema(schema)}`);
  return page(
    `${info.title} API`,
    `<header><a href="/">${text(info.title)}</a><span>API ${text(info.version)}</span><a href="/api/openapi.json">OpenAPI as JSON</a></header>
<div class="columns"><nav aria-label="Sections"><ul>${[...tags, 'errors', 'schemas'].map((tag) => `<li><a href="#tag-${text(tag)}">${text(tag)}</a></li>`).join('')}</ul></nav>
<main><h1>${text(info.title)} API</h1><p>${text(info.description)}</p>${sections.join('')}
<section aria-labelledby="tag-errors"><h2 id="tag-errors">errors</h2>${renderErrors(errors)}</section>
<section aria-labelledby="tag-schemas"><h2 id="tag-schemas">schemas</h2>${schemas.join('')}</section></main></div>`,
  );
}

function renderOperation({ url, method, operation }: { url: string; method: string; operation: Operation }): string {
  const { summary, operationId, parameters, requestBody, responses } = operation;
  const parts = [
    `<p class="dim">Permission <code>${text(operation['x-permission'])}</code> · operation <code>${text(operationId)}</code></p>`,
  ];
  if (parameters.length > 0) {
    const rows = parameters.map(
      (one) =>
        `<tr><td><code>${text(one.name)}</code></td><td>${text(one.in)}${one.required ? '' : ', optional'}</td><td>${typeOf(one.schema)}</td></tr>`,
    );
    parts.push(`<h4>Parameters</h4><table><tbody>${rows.join('')}</tbody></table>`);
  }
  if (requestBody) parts.push(`<h4>Body</h4>${renderBody(requestBody)}`);
  for (const [status, response] of Object.entries(responses))
    parts.push(
      `<h4>${status === 'default' ? 'Otherwise' : text(status)} <span class="dim">${text(response.description ?? '')}</span></h4>${renderBody(response)}`,
    );
  return `<details id="${text(operationId)}"><summary><b class="${text(method)}">${text(method.toUpperCase())}</b> <code>${text(url)}</code> <span>${text(summary)}</span></summary><div class="detail">${parts.join('')}</div></details>`;
}

const renderBody = ({ content = {} }: z.infer<typeof Body>): string =>
  Object.values(content)
    .map(({ schema }) => (schema ? renderSchema(schema) : ''))
    .join('');

function renderSchema(schema: Schema): string {
  if (!schema.properties) return `<p>${typeOf(schema)}</p>`;
  const rows = Object.entries(schema.properties).map(
    ([name, field]) =>
      `<tr><td><code>${text(name)}</code></td><td>${schema.required?.includes(name) ? '' : 'optional'}</td><td>${typeOf(field)} ${text(field.description ?? '')}</td></tr>`,
  );
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}

/** A type in a few words, as HTML. */
function typeOf(schema: Schema): string {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return `<a href="#schema-${text(name)}">${text(name)}</a>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${text(JSON.stringify(value))}</code>`).join(' | ');
  if (schema.const !== undefined) return `<code>${text(JSON.stringify(schema.const))}</code>`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(' | ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  if (schema.properties) {
    const fields = Object.entries(schema.properties);
    return `{ ${fields.map(([field, of]) => `${text(field)}${schema.required?.includes(field) ? '' : '?'}: ${typeOf(of)}`).join(', ')} }`;
  }
  return text([schema.type ?? 'anything'].flat().join(' | '));
}

function renderErrors(errors: readonly ErrorEntry[]): string {
  const rows = errors.map(
    ({ code, status, meaning, mender }) =>
      `<tr><td><code>${text(code)}</code></td><td>${status}</td><td>${withCode(meaning)}</td><td>${text(mender)}</td></tr>`,
  );
  const head = '<tr><th>code</th><th>status</th><th>meaning</th><th>who can mend it</th></tr>';
  return `<table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table>`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1a1d26; --dim: #5b6273; --back: #f6f7f9; --surface: #fff; --border: #e1e4ea; --accent: #4654d9; --soft: #eceefd; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaf0; --dim: #a0a7b8; --back: #121419; --surface: #1a1d24; --border: #2b303b; --accent: #8d98ff; --soft: #262b4d; } }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header { display: flex; gap: 16px; align-items: center; padding: 14px 24px; background: var(--surface); border-bottom: 1px solid var(--border); }
header span { flex: 1; color: var(--dim); }
.columns { display: flex; gap: 40px; max-width: 1080px; margin: 0 auto; padding: 32px 24px; }
nav ul { position: sticky; top: 24px; list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: 3px 0; text-decoration: none; }
main { flex: 1; min-width: 0; }
h1 { font-size: 22px; margin: 0 0 8px; } h2 { font-size: 16px; margin: 32px 0 8px; text-transform: capitalize; } h3 { font-size: 14px; margin: 20px 0 4px; } h4 { margin: 14px 0 4px; font-size: 13px; }
details { background: var(--surface); border: 1px solid var(--border); border-radius: 8px; margin: 6px 0; }
summary { padding: 9px 12px; cursor: pointer; }
summary span, .dim { color: var(--dim); font-weight: 400; }
summary b { display: inline-block; min-width: 52px; font-size: 12px; color: var(--accent); }
.detail { padding: 0 14px 14px; }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-top: 1px solid var(--border); }
code { font-family: ui-monospace, monospace; font-size: 12.5px; overflow-wrap: anywhere; }
#tag-errors + table code { white-space: nowrap; }
nav a { text-transform: capitalize; }
@media (max-width: 700px) { nav { display: none; } }
`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)}</title><link rel="icon" href="/icon.svg"><style>${STYLE}</style></head><body>${body}</body></html>\n`;

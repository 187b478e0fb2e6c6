/// <reference lib="webworker" />
/** Checks the types of cards off the page's thread: Pyright, fed with the SDK, the project's files and the types of the libraries. */
import { startLanguageServer } from './language-server.ts';
import type { LanguageServer } from './language-server.ts';
import { typeFindings } from './type-findings.ts';
import type { LspDiagnostic } from './type-findings.ts';
import type { TypeAnswer, TypeQuestion, TypeRequest } from './type-protocol.ts';

const SDK = import.meta.glob<string>('../../../../../runner/python/{ensemble/*,cards/base}.py', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const ROOT = 'file:///src/';
const METHODS = { completion: 'textDocument/completion', hover: 'textDocument/hover', signature: 'textDocument/signatureHelp' } as const;

/** Only what is most likely a mistake, whatever stubs do not know; names and unused things are Ruff's. */
const PYRIGHT = {
  include: ['cards'],
  extraPaths: ['/libraries'],
  typeshedPath: '/typeshed',
  pythonVersion: '3.11',
  pythonPlatform: 'Linux',
  typeCheckingMode: 'standard',
  // A card's own requirements are installed where it runs, and not known here.
  reportMissingImports: 'none',
  reportMissingModuleSource: 'none',
  reportUndefinedVariable: 'none',
};

const say = (answer: TypeAnswer): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  self.postMessage(answer);
};
const failed = (error: unknown): void => say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
const uriOf = (path: string): string => ROOT + path.split('/').map(encodeURIComponent).join('/');

async function libraryTypes(): Promise<Record<string, string>> {
  const answer = await fetch('/library-types.json.gz', { cache: 'no-cache' });
  if (!answer.ok || !answer.body) throw new Error(`The types of the libraries could not be loaded (status ${answer.status}).`);
  return (await new Response(answer.body.pipeThrough(new DecompressionStream('gzip'))).json()) as Record<string, string>;
}

async function start(projectFiles: Readonly<Record<string, string>>): Promise<LanguageServer> {
  const files: Record<string, string> = await libraryTypes();
  for (const [path, text] of Object.entries(projectFiles)) files[`/src/${path}`] = text;
  for (const [path, text] of Object.entries(SDK)) {
    const inside = path.slice(path.indexOf('runner/python/') + 'runner/python/'.length);
    files[inside.startsWith('cards/') ? `/src/${inside}` : `/libraries/${inside}`] = text;
  }
  files['/src/pyrightconfig.json'] = JSON.stringify(PYRIGHT);
  const server = startLanguageServer({
    settings: { analysis: { diagnosticMode: 'openFilesOnly', autoImportCompletions: false, logLevel: 'Error' } },
    onCrash: failed,
    onNotification(method, params) {
      if (method !== 'textDocument/publishDiagnostics') return;
      const { uri, diagnostics } = params as { uri: string; diagnostics: LspDiagnostic[] };
      const path = uri.slice(ROOT.length).split('/').map(decodeURIComponent).join('/');
      if (checked.has(path)) say({ kind: 'findings', path, findings: typeFindings(diagnostics) });
    },
  });
  const markdown = ['markdown'];
  await server.request('initialize', {
    processId: null,
    rootUri: ROOT,
    workspaceFolders: [{ uri: ROOT, name: 'project' }],
    initializationOptions: { files },
    capabilities: {
      textDocument: {
        publishDiagnostics: {},
        hover: { contentFormat: markdown },
        completion: { completionItem: { documentationFormat: markdown } },
        signatureHelp: {
          signatureInformation: {
            documentationFormat: markdown,
            parameterInformation: { labelOffsetSupport: true },
            activeParameterSupport: true,
          },
        },
      },
      workspace: { configuration: true, workspaceFolders: true },
    },
  });
  server.notify('initialized', {});
  return server;
}

const versions = new Map<string, number>();
const checked = new Set<string>();
let running: Promise<LanguageServer> | undefined;

async function answer(server: LanguageServer, question: TypeQuestion): Promise<unknown> {
  if (question.about === 'docs') return await server.request('completionItem/resolve', question.item);
  return await server.request(METHODS[question.about], { textDocument: { uri: uriOf(question.path) }, position: question.place });
}

function setText(server: LanguageServer, path: string, text: string): void {
  const uri = uriOf(path);
  const before = versions.get(path);
  const version = (before ?? 0) + 1;
  versions.set(path, version);
  if (before === undefined) server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'python', version, text } });
  else server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
}

async function handle(request: TypeRequest): Promise<void> {
  if (request.kind === 'start') running = start(request.files);
  const server = await running;
  if (!server) return;
  if (request.kind === 'start') say({ kind: 'ready' });
  else if (request.kind === 'text') {
    if (request.checked) checked.add(request.path);
    setText(server, request.path, request.text);
  } else if (request.kind === 'close') {
    checked.delete(request.path);
    if (versions.delete(request.path)) server.notify('textDocument/didClose', { textDocument: { uri: uriOf(request.path) } });
  } else {
    // What it cannot say of a place is no failure of the checker.
    const result = await answer(server, request).catch(() => null);
    say({ kind: 'answer', id: request.id, result });
  }
}

self.addEventListener('message', ({ data }: MessageEvent<TypeRequest>) => void handle(data).catch(failed));

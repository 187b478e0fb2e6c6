/** The page's one type checker: a worker for one project, started with the first card that is looked at and ended a while after the last. */
import type { Finding } from './finding.ts';
import type { TypeAnswer, TypeQuestion, TypeRequest } from './type-protocol.ts';
// oxlint-disable-next-line import/default -- the bundler makes it
import TypeWorker from './type-check.worker.ts?worker';

export type TypeCheckState = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; message: string };

interface Watcher {
  onFindings(findings: Finding[]): void;
  onState(state: TypeCheckState): void;
}

export interface TypeChecker {
  /** The text of a card, now. */
  tell(path: string, text: string): void;
  ask(question: TypeQuestion): Promise<unknown>;
  /** Of a card file that is looked at; returns how to stop. */
  watch(path: string, watcher: Watcher): () => void;
  /** Sources of the project's other files; those that changed since are told. */
  know(files: Readonly<Record<string, string>>): void;
}

/** It takes seconds and memory to start: a walk from file to file keeps it. */
const KEPT_MS = 30_000;

let current: { projectId: string; checker: TypeChecker; end: () => void } | undefined;
let ending: ReturnType<typeof setTimeout> | undefined;

export function typeCheckerOf(projectId: string): TypeChecker {
  if (current?.projectId !== projectId) {
    current?.end();
    current = { projectId, ...start() };
  }
  return current.checker;
}

/** Now, because a person does not want it any more. */
export function endTypeChecker(): void {
  current?.end();
  current = undefined;
}

function start(): { checker: TypeChecker; end: () => void } {
  const worker = new TypeWorker();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  const send = (request: TypeRequest) => worker.postMessage(request);
  const waiting = new Map<number, (result: unknown) => void>();
  const watchers = new Map<string, Watcher>();
  let state: TypeCheckState = { kind: 'loading' };
  let lastId = 0;
  let known: Readonly<Record<string, string>> | undefined;
  const change = (next: TypeCheckState) => {
    state = next;
    for (const watcher of watchers.values()) watcher.onState(next);
  };
  const end = () => {
    worker.terminate();
    for (const resolve of waiting.values()) resolve(null);
    waiting.clear();
    // The next card starts another.
    if (current?.checker === checker) current = undefined;
  };
  const fail = (message: string) => {
    end();
    change({ kind: 'failed', message });
  };
  worker.addEventListener('message', ({ data }: MessageEvent<TypeAnswer>) => {
    if (data.kind === 'ready') change(data);
    else if (data.kind === 'failed') fail(data.message);
    else if (data.kind === 'findings') watchers.get(data.path)?.onFindings(data.findings);
    else {
      waiting.get(data.id)?.(data.result);
      waiting.delete(data.id);
    }
  });
  worker.addEventListener('error', () => fail('The type checker could not be loaded.'));
  const checker: TypeChecker = {
    tell: (path, text) => send({ kind: 'text', path, text, checked: true }),
    ask(question) {
      if (state.kind !== 'ready') return Promise.resolve(null);
      lastId += 1;
      const id = lastId;
      send({ kind: 'ask', id, ...question });
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    watch(path, watcher) {
      clearTimeout(ending);
      watchers.set(path, watcher);
      watcher.onState(state);
      return () => {
        if (watchers.get(path) === watcher) watchers.delete(path);
        send({ kind: 'close', path });
        if (watchers.size === 0 && current?.checker === checker) ending = setTimeout(end, KEPT_MS);
      };
    },
    know(files) {
      if (known === undefined) send({ kind: 'start', files });
      else
        for (const [path, text] of Object.entries(files))
          if (known[path] !== text && !watchers.has(path)) send({ kind: 'text', path, text, checked: false });
      known = files;
    },
  };
  return { checker, end };
}

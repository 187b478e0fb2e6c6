/** The page's one code checker: a worker that is started when the first card is looked at. */
import type { CheckAnswer, CheckRequest, CheckResult } from './check-protocol.ts';
// oxlint-disable-next-line import/default -- the bundler makes it
import CheckWorker from './code-check.worker.ts?worker';

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, { resolve: (answer: CheckAnswer) => void; reject: (error: Error) => void }>();

function start(): Worker {
  const started = new CheckWorker();
  started.addEventListener('message', ({ data }: MessageEvent<CheckAnswer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.kind === 'failed') asked?.reject(new Error(data.message));
    else asked?.resolve(data);
  });
  // It could not be loaded; the next question tries again.
  started.addEventListener('error', () => {
    for (const { reject } of waiting.values()) reject(new Error('The code checker could not be loaded.'));
    waiting.clear();
    started.terminate();
    worker = undefined;
  });
  return started;
}

type Asked = CheckRequest extends infer Request ? (Request extends CheckRequest ? Omit<Request, 'id'> : never) : never;

function ask(request: Asked): Promise<CheckAnswer> {
  worker ??= start();
  lastId += 1;
  const id = lastId;
  const running = worker;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    running.postMessage({ ...request, id });
  });
}

export async function checkCode(source: string, path: string, taken: Readonly<Record<string, string>>): Promise<CheckResult> {
  const answer = await ask({ kind: 'check', source, path, taken });
  if (answer.kind !== 'checked') throw new Error('The code checker answered something else.');
  return answer.result;
}

/** Rejects, with a sentence for people, where the source is no Python. */
export async function formatCode(source: string): Promise<string> {
  const answer = await ask({ kind: 'format', source });
  if (answer.kind !== 'formatted') throw new Error('The code checker answered something else.');
  return answer.source;
}

/// <reference lib="webworker" />
/** Reads cards and formats them off the page's thread. One Ruff serves the card reader, the linter and the formatter. */
import { loadCardReader } from '@ensemble/cards';
import type { CheckAnswer, CheckRequest } from './check-protocol.ts';
import { findingOf, inOrder } from './finding.ts';
import { createLinter } from './lint.ts';

const ready = loadCardReader().then((reader) => ({ reader, linter: createLinter() }));

async function answer(request: CheckRequest): Promise<CheckAnswer> {
  const { reader, linter } = await ready;
  const { id, source } = request;
  if (request.kind === 'format') {
    try {
      return { id, kind: 'formatted', source: linter.format(source) };
    } catch {
      return { id, kind: 'failed', message: 'The code cannot be formatted while it is no valid Python.' };
    }
  }
  const { path, taken } = request;
  const { valid, manifest, diagnostics } = reader.read(source, {
    path,
    takenBy: (cardType) => (Object.hasOwn(taken, cardType) ? taken[cardType] : undefined),
  });
  const lines = source.split('\n');
  const isPython = !diagnostics.some(({ code }) => UNREADABLE.has(code));
  const findings = [...diagnostics.map((one) => findingOf(one, lines)), ...(isPython ? linter.lint(source) : [])];
  return { id, kind: 'checked', result: { valid, findings: inOrder(findings), ...(manifest ? { manifest } : {}) } };
}

/** Beside these a linter only repeats what is said. */
const UNREADABLE = new Set([
  'card/syntax',
  'card/encoding',
  'card/too-large',
  'card/too-complex',
  'card/checker-stopped',
  'card/unreadable',
]);

self.addEventListener('message', ({ data }: MessageEvent<CheckRequest>) => {
  void answer(data)
    .catch((error: unknown): CheckAnswer => ({
      id: data.id,
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    }))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
    .then((message) => self.postMessage(message));
});

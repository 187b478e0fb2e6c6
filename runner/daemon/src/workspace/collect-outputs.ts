/**
 * Brings what a card left in `out/` into the artifact store, after all of its processes are gone.
 * Believes nothing that the card could have written: names, kinds, sizes and the result file are checked.
 */
import { join } from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import { HarnessResult, type OutputArtifact, type StepSpec } from '@ensemble/protocol';
import { openUntrusted, readUntrusted, RefusedFile } from './read-untrusted.ts';
import { isPlainName } from './safe-path.ts';
import { refFolderOf } from './stage-step.ts';

/** As the protocol names it: `bytes` is the size. */
type Stored = { sha256: string; bytes: number };

export interface CollectLimits {
  resultBytes: number;
  previewBytes: number;
  artifactBytes: number;
  totalBytes: number;
}

export const COLLECT_LIMITS: CollectLimits = {
  resultBytes: 4 * 1024 ** 2,
  previewBytes: 8 * 1024 ** 2,
  artifactBytes: 16 * 1024 ** 3,
  totalBytes: 32 * 1024 ** 3,
};

/** What was found. `problem` is a sentence when the card broke the contract of its outputs. */
export interface Collected {
  result: HarnessResult | null;
  problem: string | null;
  outputs: OutputArtifact[];
  preview: Stored | null;
  previewError: string | null;
}

const CHUNK_BYTES = 1024 ** 2;

type Card = StepSpec['card'];

async function readResult(out: string, limits: CollectLimits): Promise<HarnessResult | null> {
  const bytes = await readUntrusted(join(out, 'result.json'), 'the result file', limits.resultBytes);
  if (bytes === null) return null;
  try {
    return HarnessResult.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new RefusedFile('the result file is not what the harness writes');
  }
}

/** The declared type wins over what the result says. */
function checkedEntry(entry: HarnessResult['artifacts'][number], card: Card, nodeId: string): HarnessResult['artifacts'][number] {
  const port = card.outputs.find((output) => output.name === entry.key);
  const [folder, name, ...more] = entry.ref.split('/');
  const plain = isPlainName(entry.file) && isPlainName(entry.key) && name !== undefined && isPlainName(name) && more.length === 0;
  if (!plain || folder !== refFolderOf(nodeId) || entry.type.length > 100) {
    throw new RefusedFile(`the result names an artifact that cannot be: ${JSON.stringify(entry.ref.slice(0, 100))}`);
  }
  if (entry.declared && port === undefined)
    throw new RefusedFile(`the result names an output that the card does not declare: ${entry.key}`);
  return { ...entry, type: entry.declared && port !== undefined ? port.type : entry.type };
}

async function collectArtifacts(
  result: HarnessResult,
  spec: StepSpec,
  out: string,
  store: ArtifactStore,
  limits: CollectLimits,
): Promise<OutputArtifact[]> {
  const collected: OutputArtifact[] = [];
  const byFile = new Map<string, Stored>();
  const taken = new Set<string>();
  let total = 0;
  for (const untrusted of result.artifacts) {
    const { key, type, declared, ref, file } = checkedEntry(untrusted, spec.card, spec.nodeId);
    const identity = `${declared ? 'output' : 'side'} ${declared ? key : ref}`;
    if (taken.has(identity)) throw new RefusedFile(`the result names ${ref} twice`);
    taken.add(identity);
    let stored = byFile.get(file);
    if (stored === undefined) {
      const shown = declared ? `output "${key}"` : `artifact "${key}"`;
      const opened = await openUntrusted(join(out, file), shown, limits.artifactBytes);
      if (opened === null) throw new RefusedFile(`${shown} was promised, but its file is missing`);
      try {
        total += opened.bytes;
        if (total > limits.totalBytes) throw new RefusedFile(`the outputs have more than ${limits.totalBytes} bytes together`);
        // The opened file itself, whatever its name points to by now.
        const content =
          opened.bytes <= CHUNK_BYTES
            ? await opened.handle.readFile()
            : opened.handle.createReadStream({ autoClose: false, highWaterMark: CHUNK_BYTES });
        const { sha256, size } = await store.put(content, { maxBytes: limits.artifactBytes });
        stored = { sha256, bytes: size };
      } finally {
        await opened.handle.close();
      }
      byFile.set(file, stored);
    }
    collected.push({ key, type, declared, ref, sha256: stored.sha256, bytes: stored.bytes });
  }
  const missing = spec.card.outputs.filter((port) => !collected.some((output) => output.declared && output.key === port.name));
  if (missing.length > 0)
    throw new RefusedFile(`output ${missing.map((port) => `"${port.name}"`).join(' and ')} was promised, but is missing`);
  return collected;
}

async function collectPreview(out: string, store: ArtifactStore, limits: CollectLimits): Promise<Stored> {
  const bytes = await readUntrusted(join(out, 'preview.json'), 'the preview', limits.previewBytes);
  if (bytes === null) throw new RefusedFile('the preview is missing');
  try {
    JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new RefusedFile('the preview is no JSON');
  }
  const { sha256, size } = await store.put(bytes);
  return { sha256, bytes: size };
}

/** Rejects only when the store fails. */
export async function collectOutputs(
  out: string,
  spec: StepSpec,
  store: ArtifactStore,
  limits: CollectLimits = COLLECT_LIMITS,
): Promise<Collected> {
  const collected: Collected = { result: null, problem: null, outputs: [], preview: null, previewError: null };
  const orRefused = async <T>(action: () => Promise<T>, refused: (message: string) => void): Promise<T | null> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      refused(error.message);
      return null;
    }
  };
  const result = await orRefused(
    () => readResult(out, limits),
    (message) => (collected.problem = message),
  );
  collected.result = result;
  if (result?.status !== 'succeeded') return collected;
  const previewError = result.previewError ?? null;
  collected.previewError = previewError;
  const [outputs, preview] = await Promise.all([
    orRefused(
      () => collectArtifacts(result, spec, out, store, limits),
      (message) => (collected.problem = message),
    ),
    result.preview
      ? orRefused(
          () => collectPreview(out, store, limits),
          (message) => (collected.previewError = message),
        )
      : null,
  ]);
  if (outputs === null) return { ...collected, previewError };
  return { ...collected, outputs, preview };
}

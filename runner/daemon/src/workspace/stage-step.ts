/**
 * Puts everything one step needs into its job folder: project files, upstream artifacts, config files, `job.json`.
 * Trusts the store's bytes and no name; runs nothing.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HarnessJob, StepSpec } from '@ensemble/protocol';

import type { Sandbox } from '../engines/execution-engine.ts';
import type { ArtifactStore } from '@ensemble/artifact-store';
import { isPlainName, isPlainPath } from './safe-path.ts';

type Json = StepSpec['config'][string];

/** The folder part of a node's references: the node's id where it is a plain word, else a word made from it. */
export const refFolderOf = (nodeId: string): string =>
  /^[A-Za-z0-9_-]{1,64}$/.test(nodeId) ? nodeId : `n-${createHash('sha256').update(nodeId).digest('hex').slice(0, 16)}`;

/** `cards/models/train.py` → `cards.models.train` */
export const moduleOf = (path: string): string => path.replace(/\.py$/, '').replaceAll('/', '.');

interface ConfigFile {
  sha256: string;
  /** Path inside `files/`. */
  path: string;
}

const isFileReference = (value: Json): value is { $file: string; name: string } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof value['$file'] === 'string' &&
  /^[0-9a-f]{64}$/.test(value['$file']) &&
  typeof value['name'] === 'string';

/** Replaces file references by the paths the card will see, and lists the files to stage. Pure. */
export function resolveFiles(config: StepSpec['config'], filesFolder: string): { config: StepSpec['config']; files: ConfigFile[] } {
  const files: ConfigFile[] = [];
  const resolve = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    if (isFileReference(value)) {
      const path = `${files.length}/${isPlainName(value.name) ? value.name : 'file'}`;
      files.push({ sha256: value.$file, path });
      return `${filesFolder}/${path}`;
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
  };
  return { config: Object.fromEntries(Object.entries(config).map(([key, value]) => [key, resolve(value)])), files };
}

/** Throws with a sentence when a name in the spec is no plain path or a hash is not in the store. */
export async function stageStep(spec: StepSpec, sandbox: Sandbox, store: Pick<ArtifactStore, 'stage'>): Promise<HarnessJob> {
  const { job } = sandbox.host;
  const { config, files } = resolveFiles(spec.config, `${sandbox.inside.job}/files`);
  const wanted = [
    ...spec.files.map((file) => ({ folder: 'project', path: file.path, sha256: file.sha256 })),
    ...spec.artifacts.map((artifact) => ({ folder: 'artifacts', path: artifact.ref, sha256: artifact.sha256 })),
    ...files.map((file) => ({ folder: 'files', path: file.path, sha256: file.sha256 })),
  ];
  for (const folder of ['project/cards', 'artifacts', 'files']) await mkdir(join(job, folder), { recursive: true });
  for (const { folder, path, sha256 } of wanted) {
    if (!isPlainPath(path)) throw new Error(`"${path.slice(0, 200)}" is no plain path, so the step cannot be staged; rename the file.`);
    const target = join(job, folder, path);
    await mkdir(dirname(target), { recursive: true });
    await store.stage(sha256, target);
  }
  const { card } = spec;
  const harnessJob: HarnessJob = {
    v: 1,
    pipelineId: spec.pipelineId,
    nodeId: spec.nodeId,
    refFolder: refFolderOf(spec.nodeId),
    card: {
      cardType: card.cardType,
      module: moduleOf(card.path),
      className: card.className,
      path: card.path,
      outputs: Object.fromEntries(card.outputs.map((port) => [port.name, port.type])),
      outputViewType: card.outputViewType,
    },
    config,
    inputs: spec.inputs,
    seed: spec.seed,
  };
  await writeFile(join(job, 'job.json'), JSON.stringify(harnessJob), { mode: 0o644 });
  return harnessJob;
}

/** What lies upstream of a step, as hashes, and whether something of it is nowhere stored. Pure; remembers what it has worked out. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@ensemble/cards';
import type { OutputArtifact } from '@ensemble/protocol';
import type { PinnedResult, Run } from '../run-model.ts';
import { manifestOf } from '../run-version.ts';
import type { RunVersion } from '../run-version.ts';

/** No object can hide in these. */
const PLAIN_KINDS = /\.(parquet|json|csv|tsv|txt|md|html|png|jpe?g|gif|webp|svg)$/i;

/** Of one run. What was found stays right: a step that has succeeded never changes. */
export class UpstreamHashes {
  readonly #version: RunVersion;
  readonly #cards: ReadonlyMap<string, string>;
  readonly #behind = new Map<string, string>();
  readonly #digests = new Map<string, string>();
  /** Title of a step upstream that left files in the scratch folder. */
  readonly #litter = new Map<string, string>();
  /** All code at once. */
  readonly #code: string;

  constructor(version: RunVersion) {
    this.#version = version;
    this.#cards = new Map(version.graph.nodes.map(({ id, card }) => [id, card]));
    this.#code = hashOf(version.code ?? version.files);
  }

  /** For a run that takes the result of a succeeded step as it is. */
  ofResult(run: Run, nodeId: string): Pick<PinnedResult, 'behind' | 'code'> {
    return { behind: this.behind(run, nodeId), code: this.#code };
  }

  /** The step left files in the scratch folder, without which its result is not whole. */
  left(run: Run, nodeId: string): boolean {
    const { phase } = run.steps.get(nodeId)!;
    if (phase.state !== 'succeeded' || !phase.outcome.leftScratch) return false;
    return manifestOf(this.#version, this.#cards.get(nodeId)!).scratch;
  }

  /** Title of a step upstream that did so. */
  litterBehind(run: Run, nodeId: string): string | undefined {
    this.behind(run, nodeId);
    return this.#litter.get(nodeId);
  }

  /** Of everything that any step upstream left. Everything upstream must have succeeded. */
  behind(run: Run, nodeId: string): string {
    const open = [nodeId];
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      const sources = this.#sourcesOf(run, next);
      const missing = sources.filter((source) => !this.#behind.has(source));
      if (missing.length > 0) open.push(...missing);
      else {
        open.pop();
        if (this.#behind.has(next)) continue;
        this.#behind.set(next, this.#behindNow(run, next, sources));
        for (const source of sources) {
          const litter = this.left(run, source) ? run.plan.steps.get(source)!.title : this.#litter.get(source);
          if (litter !== undefined) this.#litter.set(next, litter);
        }
      }
    }
    return this.#behind.get(nodeId)!;
  }

  #behindNow(run: Run, nodeId: string, sources: readonly string[]): string {
    const pinned = run.plan.steps.get(nodeId)?.pinned;
    if (!pinned) return hashOf(sources.map((source) => [source, this.#digestOf(run, source), this.#behind.get(source)]));
    // Objects are loaded by the code of now, whichever run they are from.
    const objects = pinned.code !== this.#code && pinned.upstream.some(mayBeObject);
    return objects ? hashOf([pinned.behind, this.#code]) : (pinned.behind ?? hashOf(pinned.upstream));
  }

  #sourcesOf(run: Run, nodeId: string): string[] {
    return [...(run.plan.steps.get(nodeId)?.upstream ?? [])].sort();
  }

  #digestOf(run: Run, nodeId: string): string {
    let digest = this.#digests.get(nodeId);
    if (digest === undefined) {
      const outputs = outputsOf(run, nodeId);
      const files = [...new Set(outputs.map(({ ref, sha256 }) => `${ref}\n${sha256}`))].sort();
      const { code = {} } = this.#version;
      digest = hashOf([files, outputs.some(mayBeObject) ? code[this.#cards.get(nodeId)!] : '']);
      this.#digests.set(nodeId, digest);
    }
    return digest;
  }
}

/** Throws when the step has none yet. */
export function outputsOf(run: Run, nodeId: string): readonly OutputArtifact[] {
  const { phase } = run.steps.get(nodeId)!;
  if (phase.state !== 'succeeded') throw new Error(`Step ${nodeId} of run ${run.runId} is ${phase.state}; a key needs its outputs.`);
  return phase.outcome.outputs;
}

/** An object whose class may be in a card file. */
const mayBeObject = ({ ref }: { ref: string }): boolean => !PLAIN_KINDS.test(ref);

export const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');

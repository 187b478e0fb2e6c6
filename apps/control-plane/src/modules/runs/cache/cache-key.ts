/**
 * What decides the result of a step, as text to compare: two steps with the same parts come to the same result. Ignores
 * whether there is a result. Pure, apart from remembering what it has worked out.
 */
import { canonicalJson } from '@ensemble/cards';
import type { JsonObject, JsonValue } from '@ensemble/cards';
import type { Run } from '../run-model.ts';
import { manifestOf, seedOf } from '../run-version.ts';
import type { RunVersion } from '../run-version.ts';
import { hashOf, outputsOf, UpstreamHashes } from './upstream-hashes.ts';

/** Plain JSON, kept with every result so that people can be told what changed. */
export interface CacheKeyParts {
  /** Raised when the same parts would no longer mean the same result. */
  format: 1;
  /** References name the node, and the same node draws the same random numbers. */
  node: string;
  card: string;
  /** Of the card's file and all that it may import. */
  code: string;
  /** Defaults filled in; of long values only the hash. */
  config: JsonObject;
  /** Names of secrets in it. */
  secrets: string[];
  /** Port → reference and content. */
  inputs: Record<string, [ref: string, sha256: string]>;
  /** Of all artifacts of all steps upstream, and of the code of cards whose objects may be among them. */
  upstream: string;
  environment: string;
  seed: number;
  salt?: string;
}

/** Longest value of a config field that is kept as it is. */
const LONGEST_VALUE = 500;

/** The Python and the packages that a card with these requirements runs in. */
export type EnvironmentOf = (requirements: readonly string[]) => string;

export interface CacheKey {
  key: string;
  parts: CacheKeyParts;
}

/** The keys of one run's steps. What it has worked out stays right: a step that has succeeded never changes. */
export class CacheKeys {
  readonly #version: RunVersion;
  readonly #environmentOf: EnvironmentOf;
  readonly #edges: ReadonlyMap<string, RunVersion['graph']['edges']>;
  readonly #nodes: ReadonlyMap<string, RunVersion['graph']['nodes'][number]>;
  readonly #keys = new Map<string, CacheKey>();
  readonly #upstream: UpstreamHashes;

  constructor(version: RunVersion, environmentOf: EnvironmentOf) {
    this.#version = version;
    this.#environmentOf = environmentOf;
    this.#edges = Map.groupBy(version.graph.edges, ({ target }) => target);
    this.#nodes = new Map(version.graph.nodes.map((node) => [node.id, node]));
    this.#upstream = new UpstreamHashes(version);
  }

  /** Once everything upstream has succeeded; a sentence, where no result can stand for the step. */
  keyFor(run: Run, nodeId: string): CacheKey | string {
    const known = this.#keys.get(nodeId);
    if (known) return known;
    const parts = this.#partsOf(run, nodeId);
    if (typeof parts === 'string') return parts;
    const found = { key: hashOf(parts), parts };
    this.#keys.set(nodeId, found);
    return found;
  }

  /** The step left files in the scratch folder, without which its result is not whole. */
  left(run: Run, nodeId: string): boolean {
    return this.#upstream.left(run, nodeId);
  }

  /** How long a result of the node counts; undefined: for ever. */
  secondsOf(nodeId: string): number | undefined {
    const { cache } = this.#nodes.get(nodeId)!;
    return cache && 'seconds' in cache ? cache.seconds : undefined;
  }

  #partsOf(run: Run, nodeId: string): CacheKeyParts | string {
    const { graph, code } = this.#version;
    const node = this.#nodes.get(nodeId)!;
    const manifest = manifestOf(this.#version, node.card);
    const file = graph.cards[node.card];
    if (!code || !file) return 'it was started by a version of Ensemble that had no cache';
    const litter = manifest.scratch ? this.#upstream.litterBehind(run, nodeId) : undefined;
    if (litter !== undefined)
      return `“${litter}” left files in /tmp, which the cache does not keep and this card may read; say scratch = False in the card if it does not`;
    const inputs: CacheKeyParts['inputs'] = {};
    for (const { source, sourcePort, targetPort } of this.#edges.get(nodeId) ?? []) {
      const output = outputsOf(run, source).find(({ declared, key }) => declared && key === sourcePort);
      if (output) inputs[targetPort] = [output.ref, output.sha256];
    }
    const salt = node.cache && 'salt' in node.cache ? node.cache.salt : undefined;
    return {
      format: 1,
      node: nodeId,
      card: `${file.path}:${manifest.className}`,
      code: code[node.card] ?? '',
      config: Object.fromEntries(Object.entries(node.config).map(([name, value]) => [name, shortened(value)])),
      secrets: manifest.configFields.flatMap(({ name, type }) => (type === 'secret' && node.config[name] ? [name] : [])),
      inputs,
      upstream: this.#upstream.behind(run, nodeId),
      environment: this.#environmentOf(manifest.requirements),
      seed: seedOf(nodeId),
      ...(salt !== undefined && { salt }),
    };
  }
}

function shortened(value: JsonValue): JsonValue {
  const text = canonicalJson(value);
  return text.length <= LONGEST_VALUE ? value : { $sha256: hashOf(value) };
}

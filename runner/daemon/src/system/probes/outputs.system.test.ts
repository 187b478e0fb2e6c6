/** Hostile outputs, made in the real sandbox and collected by the real collector: nothing of them may become an artifact. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryStore } from '@ensemble/artifact-store';
import type { StepSpec } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectOutputs, COLLECT_LIMITS } from '../../workspace/collect-outputs.ts';
import { READY } from '../test-bench.ts';
import { TestDocker } from '../test-docker.ts';
import { ProbeBench } from './probe-bench.ts';

const SPEC: StepSpec = {
  v: 1,
  pipelineId: 'pipeline',
  nodeId: 'node',
  card: {
    cardType: 'probe',
    path: 'cards/probe.py',
    className: 'Probe',
    outputs: [{ name: 'out', type: 'json' }],
    outputViewType: 'metrics',
  },
  files: [],
  config: {},
  inputs: {},
  artifacts: [],
  timeoutSeconds: 60,
  memoryBytes: 1024 ** 3,
  seed: 1,
};

const docker = READY ? await TestDocker.open() : null;
afterAll(() => docker?.close());

describe.skipIf(!READY)('hostile outputs', () => {
  let bench: ProbeBench;
  beforeAll(async () => {
    bench = await ProbeBench.open(64, docker);
  });
  afterAll(() => bench.close());

  it.each([...(docker === null ? [] : (['L1'] as const)), 'L2' as const, 'L3' as const])(
    'of a card at %s are refused one by one',
    async (level) => {
      const secret = join(bench.folder, 'secret.txt');
      await writeFile(secret, 'secret-of-the-host');
      const problems: string[] = [];
      let count = 0;
      await bench.inSandbox({
        level,
        slot: 6,
        files: { 'hostile_outputs.py': await readFile(join(import.meta.dirname, 'hostile_outputs.py'), 'utf8') },
        targets: { secret },
        args: ({ inside }) => [`${inside.job}/hostile_outputs.py`, `${inside.job}/targets.json`],
        after: async (sandbox, _end, output) => {
          const names = JSON.parse(/^CASES (.*)$/m.exec(output)?.[1] ?? '[]') as string[];
          count = names.length;
          for (const [index, name] of names.entries()) {
            const collected = await collectOutputs(join(sandbox.host.out, `case${index}`), SPEC, createMemoryStore(), {
              ...COLLECT_LIMITS,
              artifactBytes: 16 * 1024 ** 2,
            });
            const refused = name.includes('preview')
              ? collected.preview === null && collected.previewError !== null && collected.outputs.length === 1
              : collected.outputs.length === 0 && (collected.problem !== null || collected.result === null);
            if (!refused) problems.push(`${name}: ${JSON.stringify(collected)}`);
          }
        },
      });
      console.log(`${level}: ${count} hostile outputs, ${count - problems.length} contained`);
      expect(problems).toEqual([]);
      expect(count).toBeGreaterThan(40);
    },
  );
});

/** Plants one violation per import rule in a scratch tree and expects the checker to name exactly that rule. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');
const config = createRequire(import.meta.url)(path.join(repository, '.dependency-cruiser.cjs')) as { forbidden: { name: string }[] };
const control = 'apps/control-plane/src';

/** rule → [importing file, imported file]; files below node_modules are libraries. */
const PLANTED: Record<string, [from: string, to: string]> = {
  'no-unresolvable': ['packages/cards/src/a.ts', 'packages/cards/src/not-there.ts'],
  'apps-import-no-apps': ['apps/cli/src/a.ts', 'apps/web/src/b.ts'],
  'packages-import-no-apps-or-runner': ['packages/protocol/src/a.ts', 'runner/daemon/src/b.ts'],
  'runner-gets-assignments-not-documents': ['runner/daemon/src/a.ts', 'packages/pipeline/src/b.ts'],
  'lowest-packages-import-nothing-of-ours': ['packages/permissions/src/a.ts', 'packages/cards/src/b.ts'],
  'pipeline-and-protocol-import-cards-only': ['packages/protocol/src/a.ts', 'packages/pipeline/src/b.ts'],
  'api-client-imports-protocol-only': ['packages/api-client/src/a.ts', 'packages/pipeline/src/b.ts'],
  'pure-packages-do-no-io': ['packages/pipeline/src/a.ts', 'node:fs'],
  'modules-are-entered-by-their-index': [`${control}/services/a.ts`, `${control}/modules/runs/b.ts`],
  'modules-enter-each-other-by-the-index': [`${control}/modules/runs/a.ts`, `${control}/modules/cards/b.ts`],
  'platform-knows-no-module': [`${control}/platform/a.ts`, `${control}/modules/runs/index.ts`],
  'modules-know-no-service': [`${control}/modules/runs/a.ts`, `${control}/services/b.ts`],
  'web-features-know-no-app': ['apps/web/src/features/canvas/a.ts', 'apps/web/src/app/b.ts'],
  'web-shared-knows-no-feature': ['apps/web/src/shared/ui/a.ts', 'apps/web/src/features/canvas/b.ts'],
  'tests-are-not-imported': ['apps/cli/src/a.ts', 'tests/system/b.ts'],
  'testkit-is-for-tests': ['apps/cli/src/a.ts', 'packages/testkit/src/b.ts'],
  'module-accounts-looks-down-only': [`${control}/modules/accounts/a.ts`, `${control}/modules/projects/index.ts`],
  'module-projects-looks-down-only': [`${control}/modules/projects/a.ts`, `${control}/modules/cards/index.ts`],
  'module-cards-looks-down-only': [`${control}/modules/cards/a.ts`, `${control}/modules/collaboration/index.ts`],
  'module-artifacts-looks-down-only': [`${control}/modules/artifacts/a.ts`, `${control}/modules/runners/index.ts`],
  'module-pipelines-looks-down-only': [`${control}/modules/pipelines/a.ts`, `${control}/modules/collaboration/index.ts`],
  'module-runners-looks-down-only': [`${control}/modules/runners/a.ts`, `${control}/modules/runs/index.ts`],
  'module-environments-looks-down-only': [`${control}/modules/environments/a.ts`, `${control}/modules/runs/index.ts`],
  'module-templates-looks-down-only': [`${control}/modules/templates/a.ts`, `${control}/modules/pipelines/index.ts`],
  'module-collaboration-looks-down-only': [`${control}/modules/collaboration/a.ts`, `${control}/modules/runs/index.ts`],
  'module-transfer-looks-down-only': [`${control}/modules/transfer/a.ts`, `${control}/modules/runs/index.ts`],
  'module-datasets-looks-down-only': [`${control}/modules/datasets/a.ts`, `${control}/modules/runs/index.ts`],
  'module-runs-looks-down-only': [`${control}/modules/runs/a.ts`, `${control}/modules/logs/index.ts`],
  'module-logs-looks-down-only': [`${control}/modules/logs/a.ts`, `${control}/modules/assistant/index.ts`],
  'home-of-prisma': [`${control}/modules/runs/a.ts`, 'node_modules/@prisma/client/index.js'],
  'home-of-pg': [`${control}/modules/runs/a.ts`, 'node_modules/pg/index.js'],
  'home-of-duckdb': [`${control}/modules/datasets/a.ts`, 'node_modules/@duckdb/node-api/index.js'],
  'home-of-nats': [`${control}/modules/runs/a.ts`, 'node_modules/@nats-io/jetstream/index.js'],
  'home-of-s3': ['runner/daemon/src/workspace/a.ts', 'node_modules/@aws-sdk/client-s3/index.js'],
  'home-of-dockerode': ['runner/daemon/src/engines/process/a.ts', 'node_modules/dockerode/index.js'],
  'home-of-hocuspocus-server': [`${control}/modules/runs/a.ts`, 'node_modules/@hocuspocus/server/index.js'],
  'home-of-react-flow': ['apps/web/src/features/runs/a.ts', 'node_modules/@xyflow/react/index.js'],
  'home-of-openapi-fetch': ['apps/web/src/shared/api/a.ts', 'node_modules/openapi-fetch/index.js'],
  'home-of-monaco': ['apps/web/src/features/runs/a.ts', 'node_modules/monaco-editor/index.js'],
  'home-of-yjs': [`${control}/modules/runs/a.ts`, 'node_modules/yjs/index.js'],
};

function check(files: Record<string, string>): { status: number | null; report: string } {
  const base = mkdtempSync(path.join(tmpdir(), 'ensemble-imports-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(base, name)), { recursive: true });
      writeFileSync(path.join(base, name), text);
    }
    const result = spawnSync('node', [path.join(repository, 'scripts/check-imports.mjs'), base, '1'], { encoding: 'utf8' });
    return { status: result.status, report: result.stderr };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

/** Files of one violation; the importing one is named after its rule, so that all of them lie in one tree. */
function plant(
  rule: string,
  [planned, to]: [string, string],
): { from: string; files: Record<string, string>; library: string | undefined } {
  const from = path.join(path.dirname(planned), `breaks-${rule}.ts`);
  const isLibrary = to.startsWith('node_modules');
  const specifier = isLibrary
    ? to.replace(/^node_modules\/((@[^/]+\/)?[^/]+)\/.*/, '$1')
    : to.startsWith('node:')
      ? to
      : `./${path.relative(path.dirname(from), to)}`;
  const files: Record<string, string> = { [from]: `import { b } from '${specifier}';\nexport const a = b;\n` };
  if (isLibrary) files[`${path.dirname(to)}/package.json`] = JSON.stringify({ name: specifier, main: 'index.js', type: 'module' });
  if (!to.endsWith('not-there.ts') && !to.startsWith('node:')) files[to] = 'export const b = 1;\n';
  return { from, files, library: isLibrary ? specifier : undefined };
}

test('every import rule has a planted violation', () => {
  const named = config.forbidden.map((rule) => rule.name).filter((name) => name !== 'no-cycles');
  expect(Object.keys(PLANTED).sort()).toEqual(named.sort());
});

const plants = new Map(Object.entries(PLANTED).map(([rule, violation]) => [rule, plant(rule, violation)]));
let broken: ReturnType<typeof check>;
beforeAll(() => {
  const all = [...plants.values()];
  const dependencies = Object.fromEntries(all.flatMap(({ library }) => (library ? [[library, '1']] : [])));
  const manifest = { 'package.json': JSON.stringify({ name: 'planted', dependencies }) };
  broken = check(Object.assign(manifest, ...all.map(({ files }) => files)) as Record<string, string>);
});

test.each([...plants])('%s is found when it is broken', (rule, { from }) => {
  expect(broken.status).toBe(1);
  expect(
    broken.report
      .split('\n')
      .filter((line) => line.includes(from))
      .join('\n'),
  ).toContain(`${rule}:`);
});

test('a cycle is found', () => {
  const { status, report } = check({
    'packages/cards/src/a.ts': `import { b } from './b.ts';\nexport const a = () => b;\n`,
    'packages/cards/src/b.ts': `import { a } from './a.ts';\nexport const b = () => a;\n`,
  });
  expect(report).toContain('no-cycles:');
  expect(status).toBe(1);
});

test('a clean tree passes, and an unread tree does not', () => {
  const clean = {
    [`${control}/modules/runs/a.ts`]: `import { b } from './b.ts';\nimport { c } from '../cards/index.ts';\nexport const a = b + c;\n`,
    [`${control}/modules/runs/b.ts`]: 'export const b = 1;\n',
    [`${control}/modules/cards/index.ts`]: 'export const c = 1;\n',
  };
  expect(check(clean).status).toBe(0);
  expect(check({ 'packages/cards/src/README.md': '' }).status).toBe(1);
});

/** Direction of imports. `tests/architecture` plants one violation per rule and expects each to be found. */

// Modules of the control plane, lowest first; those of one row are equals and do not import each other.
const MODULE_ORDER = [
  ['accounts', 'projects'],
  ['cards', 'artifacts', 'environments', 'pipelines', 'runners', 'templates'],
  ['collaboration'],
  ['datasets', 'transfer'],
  ['runs'],
  ['logs'],
];
const modulesPath = '^apps/control-plane/src/modules/';

const moduleRules = MODULE_ORDER.flatMap((row, level) =>
  row.map((name) => {
    const allowed = [
      name,
      ...MODULE_ORDER.slice(0, level).flat(),
      ...(level === 0 ? MODULE_ORDER[0].slice(0, MODULE_ORDER[0].indexOf(name)) : []),
    ];
    return {
      name: `module-${name}-looks-down-only`,
      severity: 'error',
      from: { path: `${modulesPath}${name}/` },
      to: { path: modulesPath, pathNot: `${modulesPath}(${allowed.join('|')})/` },
    };
  }),
);

/** A library that may be imported in one place only. */
const home = (name, library, place) => ({
  name: `home-of-${name}`,
  severity: 'error',
  from: { path: '^(apps|packages|runner)/', pathNot: `(${place})|[.]test[.]tsx?$|/test-|^packages/testkit/` },
  to: { path: `node_modules/(${library})(/|$)` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'apps-import-no-apps', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'packages-import-no-apps-or-runner', severity: 'error', from: { path: '^packages/' }, to: { path: '^(apps|runner|tests)/' } },
    {
      name: 'runner-gets-assignments-not-documents',
      severity: 'error',
      from: { path: '^runner/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(apps/|packages/|tests/)', pathNot: '^packages/(protocol|cards|artifact-store)/' },
    },
    {
      name: 'lowest-packages-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/(cards|permissions|artifact-store)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/' },
    },
    {
      name: 'pipeline-and-protocol-import-cards-only',
      severity: 'error',
      from: { path: '^packages/(pipeline|protocol)/' },
      to: { path: '^packages/', pathNot: '^packages/($1|cards)/' },
    },
    {
      name: 'api-client-imports-protocol-only',
      severity: 'error',
      from: { path: '^packages/api-client/' },
      to: { path: '^packages/', pathNot: '^packages/(api-client|protocol)/' },
    },
    {
      name: 'pure-packages-do-no-io',
      severity: 'error',
      from: { path: '^packages/(cards|permissions|pipeline|protocol)/src/', pathNot: '[.]test[.]ts$|^packages/cards/src/node[.]ts$' },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|child_process|dgram|tls|worker_threads)$' },
    },
    {
      name: 'modules-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^apps/control-plane/src/', pathNot: modulesPath },
      to: { path: `${modulesPath}[^/]+/(?!index[.]ts$)` },
    },
    {
      name: 'modules-enter-each-other-by-the-index',
      severity: 'error',
      from: { path: `${modulesPath}([^/]+)/` },
      to: { path: `${modulesPath}[^/]+/(?!index[.]ts$)`, pathNot: `${modulesPath}$1/` },
    },
    {
      name: 'platform-knows-no-module',
      severity: 'error',
      from: { path: '^apps/control-plane/src/platform/' },
      to: { path: '^apps/control-plane/src/(modules|services)/' },
    },
    { name: 'modules-know-no-service', severity: 'error', from: { path: modulesPath }, to: { path: '^apps/control-plane/src/services/' } },
    {
      name: 'web-features-know-no-app',
      severity: 'error',
      from: { path: '^apps/web/src/(features|shared)/' },
      to: { path: '^apps/web/src/app/' },
    },
    {
      name: 'web-shared-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/features/' },
    },
    { name: 'tests-are-not-imported', severity: 'error', from: { path: '^(apps|packages|runner)/' }, to: { path: '^tests/' } },
    {
      name: 'testkit-is-for-tests',
      severity: 'error',
      from: { path: '^(apps|packages|runner)/', pathNot: '[.]test[.]tsx?$|/test-|^packages/testkit/' },
      to: { path: '^packages/testkit/' },
    },
    ...moduleRules,
    home('prisma', '@prisma/client|@prisma/adapter-pg|pglite-prisma-adapter', '^apps/control-plane/src/platform/'),
    home('pg', 'pg|@electric-sql/pglite', '^apps/control-plane/src/platform/'),
    home('duckdb', '@duckdb/[^/]+', '^apps/control-plane/src/platform/duckdb/'),
    home('nats', '@nats-io/[^/]+', '^apps/control-plane/src/platform/|^runner/daemon/src/link/'),
    home('s3', '@aws-sdk/[^/]+', '^packages/artifact-store/'),
    home('dockerode', 'dockerode', '^runner/daemon/src/engines/docker/'),
    home('hocuspocus-server', '@hocuspocus/server', '^apps/control-plane/src/modules/collaboration/'),
    home('react-flow', '@xyflow/react', '^apps/web/src/features/canvas/'),
    home('openapi-fetch', 'openapi-fetch', '^packages/api-client/'),
    home('monaco', 'monaco-editor', '^apps/web/src/features/code/'),
    home('yjs', 'yjs', '^packages/pipeline/|^apps/control-plane/src/modules/collaboration/|^apps/web/src/(shared/session|features/code)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated|[.]cache)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};

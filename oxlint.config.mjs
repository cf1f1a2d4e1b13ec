// The rules of the code, and the fences between its rooms (docs/architecture.md). tools/checks/fences-bite.mjs proves the fences.

/** What only some rooms may import. */
const FENCES = {
  knex: {
    group: ['knex', 'knex/*', 'pg', 'pg/*', '@electric-sql/*'],
    message: 'SQL is spoken in libs/store and migrations',
  },
  bullmq: { group: ['bullmq'], message: 'One file produces jobs (apps/api) and one consumes them (apps/worker)' },
  grpc: { group: ['@grpc/*'], message: 'gRPC is spoken in libs/buildkit-client' },
  aws: {
    group: ['@aws-sdk/*', '@aws-sdk/*/**'],
    message: 'S3 is spoken in libs/store/src/objects/s3, ECR in libs/registry/src/ecr',
  },
  opentelemetry: { group: ['@opentelemetry/*', '@opentelemetry/*/**'], message: 'Traces are told by libs/runtime' },
  koa: { group: ['koa', 'koa-*', '@koa/*'], message: 'HTTP is served in apps/api' },
  deep: {
    group: ['@convox-builds/*/**', '!@convox-builds/store/embedded', '!@convox-builds/*/testing'],
    message: 'A library is what its index exports',
  },
  routes: {
    group: ['./routes/*', '../routes/*'],
    message: 'A route of the api calls what it needs, and is called by nobody but the router',
  },
  apps: {
    group: ['api', 'cli', 'rack', 'worker'].map((app) => `@convox-builds/${app}`),
    message: 'No app imports another; what they share is a library',
  },
};

const ROOMS = [
  { files: ['libs/store/**', 'migrations/**'], may: ['knex'] },
  { files: ['libs/store/src/objects/s3/**'], may: ['knex', 'aws'] },
  { files: ['libs/registry/src/ecr/**'], may: ['aws'] },
  { files: ['libs/buildkit-client/**'], may: ['grpc'] },
  { files: ['libs/runtime/**'], may: ['opentelemetry'] },
  { files: ['apps/api/**'], may: ['koa'] },
  { files: ['apps/api/src/create-routers.ts'], may: ['koa', 'routes'] },
  { files: ['libs/api-contract/**'], may: ['routes'] },
  { files: ['apps/api/src/queue/build-queue.ts'], may: ['koa', 'bullmq'] },
  { files: ['apps/worker/src/build-worker.ts'], may: ['bullmq'] },
  { files: ['tools/bench/accepted-to-running.mjs'], may: ['bullmq'] },
];

/** Where the environment is read; everybody else is handed settings. */
const READS_ENVIRONMENT = [
  'libs/runtime/**',
  'libs/testing/**',
  'apps/cli/src/environment.ts',
  'tools/**',
  '**/*.test.ts',
  '**/*.fixture.ts',
  '**/testing/**',
];

/** Scripts have no types, and tests take apart what comes as JSON. */
const UNTYPED = {
  'typescript/no-unsafe-argument': 'off',
  'typescript/no-unsafe-assignment': 'off',
  'typescript/no-unsafe-call': 'off',
  'typescript/no-unsafe-member-access': 'off',
  'typescript/no-unsafe-return': 'off',
  'typescript/restrict-template-expressions': 'off',
};

function restrictedImports(may = []) {
  const patterns = Object.entries(FENCES).filter(([name]) => !may.includes(name));
  return ['error', { patterns: patterns.map(([, fence]) => fence) }];
}

export default {
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['**/dist/**', '**/generated/**', '.nx/**', '.tools/**'],
  options: { typeAware: true },
  rules: {
    'no-restricted-imports': restrictedImports(),
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    'node/no-process-env': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],

    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/only-throw-error': ['error', { allowThrowingUnknown: true }],
    'typescript/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',

    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    eqeqeq: 'error',
    'no-console': 'error',
    'max-depth': ['error', 3],
    'max-params': ['error', 4],
    'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    complexity: ['error', 20],

    // These know too little of what they complain about.
    'import/no-named-as-default': 'off',
    'import/no-named-as-default-member': 'off',
    'no-control-regex': 'off',
    'no-underscore-dangle': 'off',
    'no-unmodified-loop-condition': 'off',
    'promise/always-return': 'off',
    'promise/no-callback-in-promise': 'off',
    'typescript/consistent-return': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'typescript/unbound-method': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-useless-spread': 'off',
    // For windows; threads have no origin.
    'unicorn/require-post-message-target-origin': 'off',
  },
  overrides: [
    ...ROOMS.map(({ files, may }) => ({ files, rules: { 'no-restricted-imports': restrictedImports(may) } })),
    { files: ['migrations/**', '**/*.test.ts'], rules: { 'max-lines-per-function': 'off', complexity: 'off' } },
    { files: READS_ENVIRONMENT, rules: { 'node/no-process-env': 'off' } },
    { files: ['tools/**', '**/*.test.ts', '**/testing/**', 'apps/cli/bin/**'], rules: UNTYPED },
    { files: ['oxlint.config.mjs'], rules: { 'import/no-default-export': 'off' } },
  ],
};

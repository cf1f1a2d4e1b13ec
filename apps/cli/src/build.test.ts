import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createSource, git } from './testing/create-source.js';
import { runConvox } from './testing/run-convox.js';
import { type FakeRack, type FakeRackOptions, startFakeRack } from './testing/start-fake-rack.js';

async function startRack(t: ExecutionContext, options: FakeRackOptions = {}): Promise<FakeRack> {
  const rack = await startFakeRack(options);
  rack.addApp('shop');
  t.teardown(() => rack.close());
  return rack;
}

const LOG = Buffer.from('#1 FROM busybox\n#2 RUN echo grüße\nProgress: 日本\n');

test('convox build: prints every step, the log, and both ids', async (t) => {
  const rack = await startRack(t, { log: LOG, prefix: '/racks/one' });
  const folder = createSource(t, { Dockerfile: 'FROM busybox\n', 'src/a.txt': 'a' });
  const { code, stdout, stderr } = await runConvox(['build', folder, '-a', 'shop'], { env: { RACK_URL: rack.url } });
  const id = String(rack.builds[0]?.id);
  t.is(stderr, '');
  t.is(
    stdout,
    `Packaging source... OK\nUploading source... OK\nStarting build... OK\n${LOG}Build:   ${id}\nRelease: R${id.slice(1)}\n`,
  );
  t.is(code, 0);
  const [[key = '', archive = Buffer.alloc(0)] = []] = rack.objects;
  t.regex(key, /^tmp\/[0-9a-f]{30}\.tgz$/);
  t.is(execFileSync('tar', ['-tz'], { input: archive, encoding: 'utf8' }), 'Dockerfile\nconvox.yml\nsrc/\nsrc/a.txt\n');
  const created = rack.seen.find(({ method, path }) => method === 'POST' && path.endsWith('/builds'));
  t.deepEqual(created?.form, { url: `object://shop/${key}` });
});

test('convox build: sends options under their wire names, build arguments also as JSON', async (t) => {
  const rack = await startRack(t);
  const folder = createSource(t, { 'other.yml': 'services: {}\n' });
  const flags = [
    '--build-args',
    'A=1,2',
    '--build-args=B',
    '-d',
    'my text',
    '-m',
    'other.yml',
    '--no-cache',
    '--development',
    '--branch=topic',
    '--supersede',
  ];
  await runConvox(['-a', 'shop', 'build', folder, ...flags, '--wildcard-domain', '-w'], {
    env: { RACK_URL: rack.url },
  });
  const { url: _, ...form } =
    rack.seen.find(({ path, method }) => method === 'POST' && path.endsWith('/builds'))?.form ?? {};
  t.deepEqual(form, {
    'build-args': 'A=1,2,B',
    'build-args-json': '["A=1,2","B"]',
    description: 'my text',
    development: 'true',
    'git-branch': 'topic',
    manifest: 'other.yml',
    'no-cache': 'true',
    supersede: 'true',
    'wildcard-domain': 'true',
  });
});

test('convox build: names the commit, and describes it only when the folder is clean', async (t) => {
  const rack = await startRack(t);
  const folder = createSource(t);
  git(folder, 'init', '-q', '-b', 'topic');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'First: "the" subject');
  const commit = git(folder, 'rev-parse', 'HEAD');
  const options = { cwd: folder, env: { RACK_URL: rack.url } };
  await runConvox(['build', '-a', 'shop'], options);
  writeFileSync(join(folder, 'convox.yml'), 'services: {}\n');
  await runConvox(['build', '-a', 'shop'], options);
  const [clean, dirty] = rack.seen.filter(({ path, method }) => method === 'POST' && path.endsWith('/builds'));
  t.is(clean?.form.description, `build ${commit.slice(0, 10)} First: "the" subject`);
  t.is(clean?.form['git-sha'], commit);
  t.is(clean?.form['git-branch'], 'topic');
  t.false('description' in (dirty?.form ?? {}));
});

test('convox build --supersede: where there is no branch, it has to be named', async (t) => {
  const rack = await startRack(t);
  const { code, stderr } = await runConvox(['build', createSource(t), '-a', 'shop', '--supersede'], {
    env: { RACK_URL: rack.url },
  });
  t.is(code, 1);
  t.regex(stderr, /--supersede needs a branch, and git names none here: give it with --branch/);
  t.false(rack.seen.some(({ method }) => method === 'POST'));
});

test('convox build --id: the bare release id on stdout, all else on stderr', async (t) => {
  const rack = await startRack(t, { log: LOG });
  const { stdout, stderr } = await runConvox(['build', createSource(t), '--id', '-a', 'shop'], {
    env: { RACK_URL: rack.url },
  });
  t.is(stdout, `R${String(rack.builds[0]?.id).slice(1)}`);
  t.true(stderr.includes(LOG.toString()));
});

test('convox build --json: one document on stdout', async (t) => {
  const rack = await startRack(t, { log: LOG });
  const { stdout, stderr } = await runConvox(['build', createSource(t), '--json', '-a', 'shop'], {
    env: { RACK_URL: rack.url },
  });
  t.like(JSON.parse(stdout), { id: rack.builds[0]?.id, state: 'complete' });
  t.true(stderr.includes('Starting build... OK\n'));
});

test('convox build: a failed build gives its reason in one line and exit code 1', async (t) => {
  const rack = await startRack(t, {
    log: LOG,
    outcome: { state: 'failed', reason: 'Dockerfile:3: RUN false\nexit code 1' },
  });
  const { code, stdout, stderr } = await runConvox(['build', createSource(t), '-a', 'shop'], {
    env: { RACK_URL: rack.url },
  });
  t.is(stderr, 'ERROR: build failed: Dockerfile:3: RUN false exit code 1\n');
  t.true(stdout.endsWith(LOG.toString()));
  t.is(code, 1);
});

for (const areOffsetsIgnored of [false, true]) {
  for (const end of ['break', 'close'] as const) {
    const title = `(${end}, ${areOffsetsIgnored ? 'a rack that always begins anew' : 'a rack that knows offsets'})`;
    test(`convox build: a log stream that ends early is taken up after the last byte ${title}`, async (t) => {
      const log = Buffer.from('zeile ü '.repeat(40_000));
      const logScripts = [
        { upTo: 100_000, end },
        { upTo: 200_001, end },
        { upTo: 50_000, end },
        { end: 'mark' },
      ] as const;
      const rack = await startRack(t, { log, logScripts, runningPolls: 3, areOffsetsIgnored });
      const { code, stdout } = await runConvox(['build', createSource(t), '-a', 'shop'], {
        env: { RACK_URL: rack.url },
      });
      t.is(code, 0);
      t.true(stdout.includes(`Starting build... OK\n${log}Build:   B`));
      const path = `/apps/shop/builds/${String(rack.builds[0]?.id)}/logs`;
      t.deepEqual(
        rack.logPaths,
        ['', '?offset=100000', '?offset=200001', '?offset=200001'].map((query) => path + query),
      );
    });
  }
}

test('convox build: a log that another rack completes late is read again to its end', async (t) => {
  const logScripts = [{ upTo: 10, end: 'mark' }, { end: 'mark' }] as const;
  const rack = await startRack(t, { log: LOG, logScripts, isConvox: true });
  const { stdout } = await runConvox(['build', createSource(t), '-a', 'shop'], { env: { RACK_URL: rack.url } });
  t.true(stdout.includes(`OK\n${LOG}Build:`));
});

test('convox build: status polls that fail while the rack restarts do not end it', async (t) => {
  let failures = 2;
  const rack = await startRack(t, {
    log: LOG,
    intercept: ({ path }) => (/\/builds\/B/.test(path) && failures-- > 0 ? { status: 503, body: 'away\n' } : undefined),
  });
  t.is((await runConvox(['build', createSource(t), '-a', 'shop'], { env: { RACK_URL: rack.url } })).code, 0);
});

test('convox build: Ctrl-C leaves the build alone and says how to find it', async (t) => {
  const rack = await startRack(t, { runningPolls: 1e6, logScripts: [{ end: 'break' }] });
  const { code, stderr } = await runConvox(['build', createSource(t), '-a', 'shop'], {
    env: { RACK_URL: rack.url },
    onStart: (child) => {
      const timer = setInterval(() => {
        if (rack.logConnections < 2) return;
        clearInterval(timer);
        child.kill('SIGINT');
      }, 20);
      child.once('close', () => clearInterval(timer));
    },
  });
  t.is(code, 130);
  const id = String(rack.builds[0]?.id);
  t.is(stderr, `\nBuild ${id} goes on. Follow it with: convox builds logs ${id} -a shop\n`);
});

test('convox build: what is wrong with the source is said before anything is sent', async (t) => {
  const rack = await startRack(t);
  const env = { RACK_URL: rack.url };
  const cases = [
    ['/nonexistent', /^ERROR: cannot build "\/nonexistent": no such folder\n$/],
    [
      'ftp://me:secret@example.org/a.git',
      /^ERROR: Cannot read git URL "ftp:\/\/example\.org\/a\.git": only https.*\n$/,
    ],
    ['https://example.org/a.git#--x', /^ERROR: Cannot read git URL ".*": what is behind # cannot name a branch.*\n$/],
    [createSource(t, { '.dockerignore': '[\n' }), /^ERROR: cannot read \.dockerignore: bad pattern "\["\n$/],
  ] as const;
  for (const [folder, message] of cases) {
    const { code, stderr } = await runConvox(['build', folder, '-a', 'shop'], { env });
    t.regex(stderr, message);
    t.is(code, 1);
  }
  const { stderr } = await runConvox(['build', createSource(t), '-a', 'shop', '-m', 'none.yml'], { env });
  t.regex(stderr, /^ERROR: no such file: none\.yml \(in /);
  t.deepEqual(rack.seen, []);
});

test('convox build <git URL>: names the source, uploads nothing, and knows racks that cannot do it', async (t) => {
  const rack = await startRack(t, { log: LOG });
  const env = { RACK_URL: rack.url };
  const url = 'https://me:secret@example.org/a.git#main:sub';
  const { code, stdout, stderr } = await runConvox(['build', url, '-a', 'shop', '--submodules'], { env });
  t.deepEqual([code, stderr], [0, '']);
  t.regex(stdout, /^Starting build\.\.\. OK\n#1 FROM/);
  const created = rack.seen.find(({ method, path }) => method === 'POST' && path.endsWith('/builds'));
  t.deepEqual(created?.form, { url, submodules: 'true' });
  t.is(rack.objects.size, 0);
  const scp = await runConvox(['deploy', 'git@example.org:a.git', '-a', 'shop'], { env });
  t.is(scp.code, 0, scp.stderr);

  const convoxRack = await startRack(t, { isConvox: true });
  const refused = await runConvox(['build', url, '-a', 'shop'], { env: { RACK_URL: convoxRack.url } });
  t.is(
    refused.stderr,
    'ERROR: cannot build "https://example.org/a.git#main:sub": this rack builds no git repositories, give it a folder\n',
  );
  t.deepEqual(convoxRack.builds, []);
  const folder = await runConvox(['build', createSource(t), '-a', 'shop', '--submodules'], { env });
  t.regex(folder.stderr, /--submodules is for git repositories/);
});

test('promise 7: convox build --git-token-stdin: a token is in no argument', async (t) => {
  const rack = await startRack(t, { log: LOG });
  const build = (source: string, input = 'se/cret@1\n') =>
    runConvox(['build', source, '-a', 'shop', '--git-token-stdin'], { env: { RACK_URL: rack.url }, input });
  const urls = () => rack.seen.filter(({ path }) => path.endsWith('/builds')).map(({ form }) => form['url']);
  t.is((await build('https://example.org/a@b.git#main@2')).code, 0);
  t.is((await build('https://me@example.org/a.git')).code, 0);
  t.deepEqual(urls(), [
    'https://x-access-token:se%2Fcret%401@example.org/a@b.git#main@2',
    'https://me:se%2Fcret%401@example.org/a.git',
  ]);
  for (const [source, message] of [
    [
      'https://me:own@example.org/a.git',
      /cannot build "https:\/\/example\.org\/a\.git": --git-token-stdin is for https/,
    ],
    ['git@example.org:a.git', /--git-token-stdin is for https addresses without a password/],
    [createSource(t), /--git-token-stdin is for git repositories: this is a folder/],
  ] as const) {
    const { code, stderr } = await build(source);
    t.is(code, 1);
    t.regex(stderr, message);
    t.notRegex(stderr, /cret|own/);
  }
  t.regex((await build('https://example.org/a.git', ' \n')).stderr, /there is no token in what was piped in/);
});

test('convox build: an unknown app costs no upload', async (t) => {
  const rack = await startRack(t);
  const { code, stderr } = await runConvox(['build', createSource(t), '-a', 'none'], { env: { RACK_URL: rack.url } });
  t.is(stderr, 'ERROR: app not found: none\n');
  t.is(code, 1);
  t.is(rack.objects.size, 0);
});

test('convox build: an upload that is refused shows the refusal', async (t) => {
  const intercept = ({ path }: { path: string }) =>
    path.includes('/objects/') ? { status: 413, body: 'too large\n' } : undefined;
  const rack = await startRack(t, { intercept });
  const { code, stdout, stderr } = await runConvox(['build', createSource(t), '-a', 'shop'], {
    env: { RACK_URL: rack.url },
  });
  t.is(stdout, 'Packaging source... OK\nUploading source... \n');
  t.is(stderr, 'ERROR: too large\n');
  t.is(code, 1);
});

test('convox build: 500 MB go up in a stream, and memory stays flat', async (t) => {
  const rack = await startRack(t);
  const folder = createSource(t, { 'big.bin': '' });
  truncateSync(join(folder, 'big.bin'), 500 * 1024 * 1024);
  const env = { RACK_URL: rack.url, NODE_OPTIONS: '--max-old-space-size=64' };
  const { code, stderr } = await runConvox(['build', folder, '-a', 'shop'], { env });
  t.is(stderr, '');
  t.is(code, 0);
  t.is(rack.seen.find(({ path }) => path.includes('/objects/'))?.headers['transfer-encoding'], 'chunked');
});

test('convox deploy: builds and promotes, without the lines of build', async (t) => {
  const rack = await startRack(t, { log: LOG });
  const { code, stdout } = await runConvox(['deploy', createSource(t), '-a', 'shop'], { env: { RACK_URL: rack.url } });
  const release = `R${String(rack.builds[0]?.id).slice(1)}`;
  t.true(stdout.endsWith(`Starting build... OK\n${LOG}Promoting ${release}...\nOK\n`));
  t.is(rack.apps.get('shop')?.release, release);
  t.is(code, 0);
});

const isStart = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/builds');

test('convox build: a start without an answer is repeated with the same key', async (t) => {
  let failures = 1;
  const intercept: FakeRackOptions['intercept'] = (request) =>
    isStart(request) && failures-- > 0 ? { status: 502, body: 'bad gateway' } : undefined;
  const rack = await startRack(t, { intercept });
  const folder = createSource(t, { Dockerfile: 'FROM busybox\n' });
  t.is((await runConvox(['build', folder, '-a', 'shop'], { env: { RACK_URL: rack.url } })).code, 0);
  const keys = rack.seen.filter(isStart).map(({ headers }) => headers['idempotency-key']);
  t.is(keys.length, 2);
  t.is(keys[0], keys[1]);
  t.regex(String(keys[0]), /^[0-9a-f-]{36}$/);
});

test('convox build: a rack that knows no keys is not asked twice', async (t) => {
  const intercept: FakeRackOptions['intercept'] = (request) =>
    isStart(request) ? { status: 502, body: 'bad gateway' } : undefined;
  const rack = await startRack(t, { intercept, isConvox: true });
  const folder = createSource(t, { Dockerfile: 'FROM busybox\n' });
  const { code, stderr } = await runConvox(['build', folder, '-a', 'shop'], { env: { RACK_URL: rack.url } });
  t.deepEqual([code, stderr], [1, 'ERROR: bad gateway\n']);
  t.is(rack.seen.filter(isStart).length, 1);
});

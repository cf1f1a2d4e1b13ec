import { randomUUID } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { giteaPullRequest, signWebhook } from '@convox-builds/forge/testing';
import {
  createGitRepository,
  createTemporaryFolder,
  startGitServer,
  type TemporaryFolder,
  type TestGitRepository,
  type TestGitServer,
  waitUntil,
} from '@convox-builds/testing';
import test from 'ava';

import { startTestRack, type TestRack } from './testing/start-test-rack.js';

const FILES = { 'convox.yml': 'services:\n  web:\n    build: .\n', Dockerfile: 'FROM busybox\nCOPY greeting /\n' };

let folder: TemporaryFolder;
let rack: TestRack;
let repository: TestGitRepository;
let server: TestGitServer;

test.before(async () => {
  folder = await createTemporaryFolder();
  [rack, repository] = await Promise.all([startTestRack(), createGitRepository(folder.path, 'team/shop')]);
  server = await startGitServer({ folder: folder.path, config: { 'http.receivepack': 'true' } });
  await rack.convox(['apps', 'create', 'shop']);
});

test.after.always(async () => {
  await rack?.stop();
  await server?.stop();
  await folder?.remove();
});

/** What docs/workflows.md tells people to put into `hooks/post-receive` of a repository without a forge. */
function postReceive({ url, secret, address }: { url: string; secret: string; address: string }): string {
  return `#!/bin/sh
while read -r before after ref; do
  body=$(printf '{"repository":"%s","ref":"%s","before":"%s","commit":"%s","message":"%s"}' \\
    '${address}' "$ref" "$before" "$after" "$(git log -1 --format=%s "$after" | tr -d '"\\\\')" | sed 's/"before":"0*",//')
  time=$(date +%s)
  signature=$(printf '%s.%s' "$time" "$body" | openssl dgst -sha256 -hmac '${secret}' | sed 's/.* //')
  curl -sS -H 'Content-Type: application/json' -H "Convox-Signature: t=$time,v1=$signature" \\
    --data-binary "$body" '${url}'
done
`;
}

interface Job {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly commit: string;
  readonly builds: readonly { readonly build: string }[];
}

test('workflows: git push, and the app is built and promoted with nobody touching anything', async (t) => {
  const address = `${server.url}/team/shop.git`;
  const created = await rack.convox(['workflows', 'create', address, '-a', 'shop', '--forge', 'generic', '--json']);
  t.is(created.code, 0, created.stderr);
  const { id } = JSON.parse(created.stdout) as { id: string };
  const { url, secret } = await rack.json<{ url: string; secret: string }>('workflows', 'webhook', id);
  const hook = join(repository.path, 'hooks/post-receive');
  await writeFile(hook, postReceive({ url, secret, address }));
  await chmod(hook, 0o755);

  const newestJob = async () => (await rack.json<Job[]>('workflows', 'jobs', id))[0];
  for (const greeting of ['hello', 'hello again']) {
    const startedAt = Date.now();
    const commit = await repository.commit({ ...FILES, greeting }, { message: `say ${greeting}` });
    const isOver = async () => {
      const job = await newestJob();
      return job?.commit === commit && ['complete', 'failed', 'cancelled'].includes(job.state);
    };
    await waitUntil(isOver, { timeoutMs: 90_000, what: `the push of ${commit} is promoted` });
    t.log(`${Date.now() - startedAt} ms from the commit to the promotion`);
    const job = await newestJob();
    t.like(job, { state: 'complete', reason: '' });
    const build = await rack.json<{ release: string; description: string }>(
      'builds',
      'info',
      job?.builds[0]?.build ?? '',
      '-a',
      'shop',
    );
    t.is(build.description, `${commit.slice(0, 10)} say ${greeting}`);
    t.is((await rack.json<{ release: string }>('apps', 'info', 'shop')).release, build.release);
  }
  t.is((await rack.json<unknown[]>('releases', '-a', 'shop')).length, 2);
});

test('workflows: a pull request has an app of its own, built of what was pushed, until it is closed', async (t) => {
  const reviewed = await createGitRepository(folder.path, 'team/reviewed');
  await reviewed.commit({ ...FILES, greeting: 'hello' });
  const repo = { full_name: 'team/reviewed', clone_url: `${server.url}/team/reviewed.git` };
  await rack.convox(['env', 'set', 'COLOUR=green', '-a', 'shop']);
  const options = ['--name', 'reviews', '--kind', 'review', '--review-apps', 'true', '--forge', 'gitea', '--json'];
  const created = await rack.convox(['workflows', 'create', repo.clone_url, '-a', 'shop', ...options]);
  t.is(created.code, 0, created.stderr);
  const { id } = JSON.parse(created.stdout) as { id: string };
  const { url, secret } = await rack.json<{ url: string; secret: string }>('workflows', 'webhook', id);
  const tell = async (action: string, sha: string) => {
    const request = giteaPullRequest(action, { sha, repo });
    const pull_request = { ...(request['pull_request'] as object), updated_at: new Date().toISOString() };
    const json = { ...request, pull_request, repository: repo };
    const { headers, body } = signWebhook({
      kind: 'gitea',
      event: 'pull_request',
      json,
      secret,
      deliveryId: randomUUID(),
    });
    t.is((await fetch(url, { method: 'POST', headers, body })).status, 202);
  };
  const isGone = async () =>
    (await rack.json<{ name: string }[]>('apps')).every(({ name }) => name !== 'shop-review-7');

  for (const action of ['opened', 'synchronized']) {
    await writeFile(join(folder.path, 'team/reviewed.work/greeting'), action);
    await reviewed.git('commit', '-aqm', action);
    await reviewed.git('push', '-q', repo.clone_url, 'HEAD:refs/heads/topic');
    const sha = await reviewed.git('rev-parse', 'HEAD');
    await tell(action, sha);
    const isPromoted = async () => {
      const [job] = await rack.json<Job[]>('workflows', 'jobs', id);
      if (job?.state === 'failed') throw new Error(job.reason);
      return job?.commit === sha && job.state === 'complete';
    };
    await waitUntil(isPromoted, { timeoutMs: 90_000, what: `the pull request that was ${action} is promoted` });
    const { release } = await rack.json<{ release: string }>('apps', 'info', 'shop-review-7');
    const [newest] = await rack.json<{ id: string }[]>('releases', '-a', 'shop-review-7');
    t.is(release, newest?.id ?? '');
    t.regex((await rack.convox(['env', '-a', 'shop-review-7'])).stdout, /COLOUR=green/);
  }
  const last = await reviewed.git('rev-parse', 'HEAD');
  await tell('closed', last);
  await waitUntil(isGone, { what: 'the app of the pull request is gone' });
  await tell('synchronized', last);
  const reason = async () =>
    (await rack.json<{ outcomes: { reason: string }[] }[]>('workflows', 'deliveries', id))[0]?.outcomes[0]?.reason;
  await waitUntil(async () => (await reason()) === 'pull request #7 was closed or changed since');
  t.true(await isGone());
});

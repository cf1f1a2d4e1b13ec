import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  createGitRepository,
  createSshKey,
  createTemporaryFolder,
  type GitServerFault,
  startGitServer,
  startSshServer,
} from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';
import type { GitFetcherOptions } from './git-fetcher-options.js';
import { lookupHost } from './lookup-host.js';
import { failureOf } from './testing/failure-of.js';
import { openTestFetcher } from './testing/open-test-fetcher.js';

async function start(t: ExecutionContext, { login, ...options }: Partial<GitFetcherOptions> & { login?: string } = {}) {
  const folder = await createTemporaryFolder();
  const [server, fetcher, repository] = await Promise.all([
    startGitServer({ folder: folder.path, ...(login === undefined ? {} : { login }) }),
    openTestFetcher(options),
    createGitRepository(folder.path, 'app'),
  ]);
  t.teardown(() => Promise.all([server.stop(), fetcher.remove(), folder.remove()]));
  return { server, fetcher, repository, folder: folder.path, url: `${server.url}/app.git` };
}

test('promise 10: fetch() tells what was wrong, and whether it may pass', async (t) => {
  const { server, fetcher, repository, url } = await start(t);
  const id = await repository.commit({ a: randomBytes(100_000) });
  const host = `127.0.0.1:${server.port}`;
  const cases: readonly (readonly [GitServerFault, string])[] = [
    [{ status: 404 }, `not-found: there is no such repository on ${host}, or it is not shown without a login`],
    [{ status: 403 }, `denied: ${host} forbids it to the login that the rack has for it (403)`],
    [{ status: 500 }, `unavailable: ${host} answers with status 500`],
    [{ status: 503 }, `unavailable: ${host} answers with status 503`],
    [{ status: 429 }, `unavailable: ${host} answers with status 429`],
  ];
  for (const [fault, wanted] of cases) {
    server.fail(() => fault);
    t.is(await failureOf(fetcher.fetch(url, { owner: JSON.stringify(fault) })), wanted);
  }
  server.fail(() => ({ cutAfterBytes: 2000 }));
  t.regex(await failureOf(fetcher.fetch(url)), /^unavailable: the transfer from 127\.0\.0\.1:\d+ broke off/);
  server.fail(() => undefined);
  t.is(await failureOf(fetcher.fetch(`${url}#nope`)), 'not-found: there is no such branch, tag or commit');
  t.regex(await failureOf(fetcher.fetch(`${url}#${'1'.repeat(40)}`)), /^not-found: /);
  t.regex(await failureOf(fetcher.fetch(`${url}#1234567`)), /^not-found: /);
  t.regex(await failureOf(fetcher.fetch(`${server.url}/none.git`)), /^not-found: /);
  t.is((await fetcher.fetch(url)).commit.id, id);
  await server
    .stop()
    .then(() => server.stop)
    .catch(() => {});
  t.is(await failureOf(fetcher.fetch(url)), `unavailable: ${host} does not answer`);
  const unknown = fetcher.fetch('http://host.invalid/p.git');
  t.regex(await failureOf(unknown), /^(?:not-found: there is no host|unavailable: the address of) "host\.invalid"/);
});

test('fetch() ends a transfer that takes too long', async (t) => {
  const { server, fetcher, repository, url } = await start(t, { limits: { maxBytes: 1e6, timeoutMs: 2000 } });
  await repository.commit({ a: randomBytes(100_000) });
  server.fail(() => ({ bytesPerSecond: 2000 }));
  t.is(await failureOf(fetcher.fetch(url)), 'unavailable: the transfer took longer than 2 seconds');
});

test('promise 9: fetch() ends what is larger than it may be', async (t) => {
  const { fetcher, repository, url } = await start(t, { limits: { maxBytes: 1_000_000, timeoutMs: 60_000 } });
  await repository.commit({ a: randomBytes(2_000_000) });
  t.regex(await failureOf(fetcher.fetch(url)), /^too-large: the (?:source|repository) has more than 1000000 bytes/);
  // Small on the wire, and large where it is unpacked.
  await repository.commit({ a: Buffer.alloc(3_000_000) }, { branch: 'bomb' });
  const bomb = fetcher.fetch(`${url}#bomb`, { owner: 'another' });
  t.is(await failureOf(bomb), 'too-large: the source has more than 1000000 bytes');
});

test('promise 6: fetch() follows no redirection, wherever it leads', async (t) => {
  const { server, fetcher, repository, url, folder } = await start(t);
  await repository.commit({ a: '1' });
  const inward = await startGitServer({ folder });
  t.teardown(() => inward.stop());
  for (const status of [301, 302, 303, 307, 308]) {
    server.fail(() => ({ status, location: `${inward.url}/app.git/info/refs?service=git-upload-pack` }));
    t.regex(await failureOf(fetcher.fetch(url)), /^refused: .* redirects to another address, which is not followed/);
  }
  // Also not in the middle, when the first answer was a good one.
  server.fail(({ method }) =>
    method === 'POST' ? { status: 307, location: `${inward.url}/app.git/git-upload-pack` } : undefined,
  );
  t.regex(await failureOf(fetcher.fetch(url)), /^refused: /);
  t.deepEqual(inward.seen, []);
});

test('promise 6: fetch() connects to no inward address, however a name leads to it', async (t) => {
  const names: Record<string, readonly string[]> = { 'evil.test': ['127.0.0.1'], 'two.test': ['::1', '10.0.0.1'] };
  let asked = 0;
  const lookup = async (host: string) => {
    asked++;
    // The first answer is a good one, and all later ones lead inward.
    if (host === 'rebinding.test') return asked === 1 ? ['192.0.2.1'] : ['127.0.0.1'];
    return names[host] ?? lookupHost(host);
  };
  const { server, fetcher } = await start(t, { openNetworks: [], lookup, limits: { maxBytes: 1e6, timeoutMs: 3000 } });
  asked = 0;
  t.regex(await failureOf(fetcher.fetch(`http://rebinding.test:${server.port}/app.git`)), /^unavailable: /);
  t.is(asked, 1);
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'evil.test', 'two.test']) {
    const failure = await failureOf(fetcher.fetch(`http://${host}:${server.port}/app.git`));
    t.regex(failure, /^refused: .* is inside of the rack's network.*GIT_ALLOWED_NETWORKS/, host);
    t.regex(await failureOf(fetcher.fetch(`ssh://git@${host}:${server.port}/app.git`)), /^refused: /, host);
  }
  t.regex(await failureOf(fetcher.fetch('http://169.254.169.254/latest.git')), /^refused: /);
  t.deepEqual(server.seen, []);
});

test("promise 6: fetch() never speaks to the rack's own services, also in a network that is open", async (t) => {
  const folder = await createTemporaryFolder();
  const server = await startGitServer({ folder: folder.path });
  const fetcher = await openTestFetcher({ ownServices: [{ host: 'localhost', port: server.port }] });
  t.teardown(() => Promise.all([server.stop(), fetcher.remove(), folder.remove()]));
  t.regex(await failureOf(fetcher.fetch(`${server.url}/app.git`)), /^refused: /);
  t.deepEqual(server.seen, []);
});

test('promise 6: fetch() with a hostile repository runs nothing and reaches nobody', async (t) => {
  const { server, fetcher, repository, folder, url } = await start(t);
  const canary = join(folder, 'canary');
  const command = `touch ${canary}`;
  const files = {
    '.gitattributes': '* filter=evil diff=evil merge=evil\n',
    '.lfsconfig': `[lfs]\n\turl = http://127.0.0.1:1/\n[filter "evil"]\n\tsmudge = ${command}\n`,
    'hooks/post-checkout': { script: `#!/bin/sh\n${command}\n` },
    config: `[core]\n\tfsmonitor = ${command}\n`,
  };
  await repository.commit(files);
  t.is(Object.keys((await fetcher.fetch(url, { withSubmodules: true })).files).length, 4);
  const head = await repository.git('rev-parse', 'HEAD');
  await repository.git('update-index', '--add', '--cacheinfo', `160000,${head},sub`);
  await repository.git('commit', '--quiet', '-m', 'a submodule');
  const evil = [
    `ext::sh -c '${command}'`,
    '-u',
    '--upload-pack=x',
    'file:///etc',
    '/etc',
    '../../../x y',
    'http://127.0.0.1:1/a\\n.git',
  ];
  for (const address of [...evil, `${server.url}/app.git#x`]) {
    const gitmodules = `[submodule "sub"]\n\tpath = sub\n\turl = "${address}"\n\tupdate = "!${command}"\n`;
    await repository.git('update-index', '--force-remove', '.gitmodules').catch(() => '');
    for (const text of [gitmodules, gitmodules.replace(/\tupdate.*\n/, '')]) {
      await writeFile(join(folder, 'app.work', '.gitmodules'), text);
      await repository.git('add', '.gitmodules');
      await repository.git('commit', '--quiet', '--allow-empty', '-m', 'evil');
      await repository.git('push', '--quiet', 'origin', 'main');
      t.regex(await failureOf(fetcher.fetch(url, { withSubmodules: true })), /^refused: /, text);
    }
  }
  t.false(existsSync(canary));
});

test('promise 7: fetch() gives a login to its server only, and it is in no argument, environment or file', async (t) => {
  const login = { username: 'me', password: `canary-${randomBytes(12).toString('hex')}` };
  const { server, fetcher, repository, url } = await start(t, { login: `me:${login.password}` });
  await repository.commit({ a: '1' });
  const host = `127.0.0.1:${server.port}`;
  t.regex(await failureOf(fetcher.fetch(url)), /^denied: .* wants a login, and the rack has none for it/);
  const wrong = { login: { username: 'me', password: 'wrong' }, hostKeys: [] };
  t.regex(
    await failureOf(fetcher.fetch(url, { access: wrong })),
    new RegExp(`^denied: ${host} refuses the user and password`),
  );
  const access = { login, hostKeys: [] };
  t.is((await fetcher.fetch(url, { access })).files['a'], '1');
  server.fail(() => ({ status: 401 }));
  t.notRegex(await failureOf(fetcher.fetch(url, { access })), /canary/);
});

test('promise 7: fetch() over ssh takes the key from an agent of its own, and believes pinned host keys only', async (t) => {
  const { fetcher, repository, folder } = await start(t);
  const id = await repository.commit({ a: '1' });
  const [key, other] = await Promise.all([createSshKey(folder, 'key'), createSshKey(folder, 'other')]);
  const server = await startSshServer(folder, key);
  t.teardown(() => server.stop());
  const url = `ssh://root@127.0.0.1:${server.port}${repository.path}`;
  const hostKeys = [server.hostKey.publicKey];
  const sshKey = key.privateKey;
  const fetched = await fetcher.fetch(url, { access: { sshKey, hostKeys } });
  t.deepEqual([fetched.commit.id, fetched.files], [id, { a: '1' }], server.output());
  const failures = await Promise.all([
    failureOf(fetcher.fetch(url, { access: { sshKey, hostKeys: [] } })),
    failureOf(fetcher.fetch(url, { access: { sshKey, hostKeys: [other.publicKey] } })),
    failureOf(fetcher.fetch(url, { access: { sshKey: other.privateKey, hostKeys } })),
    failureOf(fetcher.fetch(url, { access: { hostKeys } })),
    failureOf(fetcher.fetch(`${url}-none.git`, { access: { sshKey, hostKeys } })),
  ]);
  const name = `127.0.0.1:${server.port}`;
  t.deepEqual(failures, [
    `denied: the host key of ${name} is not known: look it up, and pin it with "convox git-hosts add ${name}"`,
    `denied: ${name} has another host key than the one that is pinned: if that is meant, pin it with "convox git-hosts add ${name}"`,
    `denied: ${name} refuses the ssh key that the rack has for it, or the rack has none: give it one with "convox git-credentials add" --ssh-key`,
    `denied: ${name} refuses the ssh key that the rack has for it, or the rack has none: give it one with "convox git-credentials add" --ssh-key`,
    `not-found: there is no such repository on ${name}, or it is not shown without a login`,
  ]);
});

test('promise 6: fetch() ends at once when it is told to, with everything that it has started', async (t) => {
  const { server, fetcher, repository, url } = await start(t);
  await repository.commit({ a: randomBytes(50_000) });
  server.fail(() => ({ bytesPerSecond: 1500 }));
  const controller = new AbortController();
  const reason = new Error('stop');
  setTimeout(() => controller.abort(reason), 1500);
  const startedAt = Date.now();
  t.is(await t.throwsAsync(fetcher.fetch(url, { signal: controller.signal })), reason);
  t.true(Date.now() - startedAt < 15_000);
  server.fail(() => undefined);
  t.truthy((await fetcher.fetch(url)).files['a']);
});

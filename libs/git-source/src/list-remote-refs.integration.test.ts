import { parseGitUrl } from '@convox-builds/domain';
import {
  createGitRepository,
  createSshKey,
  createTemporaryFolder,
  searchPath,
  startGitServer,
  startSshServer,
} from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { listRemoteRefs, type RemoteRefsOptions } from './list-remote-refs.js';
import type { GitAccess } from './open-transport.js';
import { failureOf } from './testing/failure-of.js';

async function start(t: ExecutionContext, login?: string) {
  const folder = await createTemporaryFolder();
  const server = await startGitServer({ folder: folder.path, ...(login === undefined ? {} : { login }) });
  const repository = await createGitRepository(folder.path, 'app');
  t.teardown(() => Promise.all([server.stop(), folder.remove()]));
  return { server, repository, folder: folder.path, url: `${server.url}/app.git`, host: `127.0.0.1:${server.port}` };
}

const list = (url: string, access: GitAccess = { hostKeys: [] }, options: Partial<RemoteRefsOptions> = {}) =>
  listRemoteRefs(
    { source: parseGitUrl(url).source, findAccess: async () => access, signal: new AbortController().signal },
    { openNetworks: ['127.0.0.0/8'], ownServices: [], searchPath: searchPath(), timeoutMs: 20_000, ...options },
  );

test('listRemoteRefs() gives the commits of branches and tags, over http and ssh, and nothing else', async (t) => {
  const { repository, folder, url } = await start(t);
  const first = await repository.commit({ a: 'one' });
  await repository.git('tag', '-a', 'v1', '-m', 'a tag');
  await repository.git('tag', 'light');
  await repository.git('push', '--quiet', 'origin', 'v1', 'light', 'HEAD:refs/pull/7/head');
  const second = await repository.commit({ a: 'two' }, { branch: 'feature/x' });
  const wanted = [
    { name: 'refs/heads/feature/x', id: second },
    { name: 'refs/heads/main', id: first },
    { name: 'refs/tags/light', id: first },
    { name: 'refs/tags/v1', id: first },
  ];
  t.deepEqual(await list(url), wanted);
  const key = await createSshKey(folder, 'key');
  const ssh = await startSshServer(folder, key);
  t.teardown(() => ssh.stop());
  const access = { sshKey: key.privateKey, hostKeys: [ssh.hostKey.publicKey] };
  t.deepEqual(await list(`ssh://root@127.0.0.1:${ssh.port}${repository.path}`, access), wanted);
});

test('listRemoteRefs() of an empty repository is empty', async (t) => {
  t.deepEqual(await list((await start(t)).url), []);
});

test('promise 10: listRemoteRefs() fails with the words of a fetch, and reaches no inward address', async (t) => {
  const { server, url, host } = await start(t, 'me:secret');
  t.regex(await failureOf(list(url)), /^denied: .* wants a login, and the rack has none for it/);
  const wrong = { login: { username: 'me', password: 'wrong' }, hostKeys: [] };
  t.regex(await failureOf(list(url, wrong)), /^denied: .* refuses the user and password/);
  const access = { login: { username: 'me', password: 'secret' }, hostKeys: [] };
  t.deepEqual(await list(url, access), []);
  t.regex(await failureOf(list(`${server.url}/none.git`, access)), /^not-found: /);
  server.fail(() => ({ status: 503 }));
  t.is(await failureOf(list(url, access)), `unavailable: ${host} answers with status 503`);
  server.fail(() => ({ delayMs: 5000 }));
  const late = list(url, access, { timeoutMs: 1000 });
  t.is(await failureOf(late), 'unavailable: the transfer took longer than 1 seconds');
  const count = server.seen.length;
  t.regex(await failureOf(list(url, access, { openNetworks: [] })), /^refused: .* inside of the rack's network/);
  t.is(server.seen.length, count);
});

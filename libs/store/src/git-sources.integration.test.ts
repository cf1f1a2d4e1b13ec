import { randomBytes } from 'node:crypto';

import { gitCredentialPlace } from './git-credentials.js';
import { NO_OPTIONS } from './records.js';
import { claimNext, createTestApp, createTestBuild, RESULT } from './testing/builds.js';
import { testOnEachBackend } from './testing/test-on-each-backend.js';

const credential = (app: string | undefined, host: string, sealed: string) =>
  ({ app, host, kind: 'token', username: 'me', fingerprint: 'f', sealed }) as const;

testOnEachBackend(
  'promise 7: the login of a source is kept until its build ends, and no longer',
  async (t, { store }) => {
    const app = await createTestApp(store);
    const start = () =>
      store.builds.create({
        ...{ app, source: 'https://h/p.git', options: NO_OPTIONS, description: '', gitSha: '' },
        sealLogin: (id) => `sealed for ${id}`,
      });
    const [complete, failed, cancelled] = [await start(), await start(), await start()];
    for (const { id } of [complete, failed, cancelled]) t.is(await store.builds.findLogin(id), `sealed for ${id}`);
    t.notRegex(JSON.stringify(await store.builds.list(app, { limit: 9 })), /sealed/);
    const claim = await claimNext(store, complete);
    t.is(await store.builds.findLogin(complete.id), `sealed for ${complete.id}`);
    await store.attempts.complete(claim, RESULT);
    await store.attempts.fail(await claimNext(store, failed), { failureClass: 'user', reason: 'x' });
    await store.builds.cancel(app, cancelled.id, { actor: 'me' });
    for (const { id } of [complete, failed, cancelled]) t.is(await store.builds.findLogin(id), undefined);
  },
);

testOnEachBackend('attempts.saveCommit() stores what nobody has said, and is fenced', async (t, { store }) => {
  const commit = { id: 'a'.repeat(40), branch: 'main', author: 'Ann <a@b>', subject: 'a change' };
  const app = await createTestApp(store);
  const plain = await store.builds.create({ app, source: 'x', options: NO_OPTIONS, description: '', gitSha: '' });
  const claim = await claimNext(store, plain);
  t.false(await store.attempts.saveCommit({ ...claim, attempt: 7 }, commit));
  t.true(await store.attempts.saveCommit(claim, commit));
  t.like(await store.builds.find(app, plain.id), {
    ...{ gitSha: commit.id, gitBranch: 'main', gitAuthor: commit.author, gitSubject: 'a change' },
    description: 'build aaaaaaaaaa a change',
  });
  const said = await createTestBuild(store, { app, gitBranch: 'feature' });
  await store.attempts.saveCommit(await claimNext(store, said), commit);
  t.like(await store.builds.find(app, said.id), { gitBranch: 'feature', description: 'a change' });
});

testOnEachBackend("gitCredentials: an app's own come before the rack's, and go with the app", async (t, { store }) => {
  const [app, other] = [await createTestApp(store), await createTestApp(store)];
  const host = `${randomBytes(4).toString('hex')}.test`;
  const { gitCredentials } = store;
  await gitCredentials.save(credential(undefined, host, 'rack'));
  await gitCredentials.save(credential(app, host, 'old'));
  await gitCredentials.save(credential(app, host, 'own'));
  const find = async (name: string) => (await gitCredentials.find({ app: name, host, kind: 'token' }))?.sealed;
  t.deepEqual([await find(app), await find(other)], ['own', 'rack']);
  t.is(await gitCredentials.find({ app, host, kind: 'ssh-key' }), undefined);
  t.is((await gitCredentials.list(app)).length, 1);
  t.notRegex(JSON.stringify(await gitCredentials.list(app)), /sealed|own/);
  t.false(await gitCredentials.remove({ app, host, kind: 'ssh-key' }));
  t.true(await gitCredentials.remove({ app, host }));
  t.is(await find(app), 'rack');
  await gitCredentials.save(credential(app, host, 'own'));
  await store.apps.delete(app);
  t.deepEqual(await gitCredentials.list(app), []);
  t.true(await gitCredentials.remove({ app: undefined, host }));
  t.is(gitCredentialPlace({ app, host, kind: 'token' }), `git-credentials/${app}/${host}/token`);
});

testOnEachBackend('gitHosts: the keys of a server are replaced as a whole', async (t, { store }) => {
  const { gitHosts } = store;
  await gitHosts.pin('h:22', ['a', 'b']);
  await gitHosts.pin('h:22', ['c']);
  t.deepEqual(await gitHosts.keysOf('h:22'), ['c']);
  t.deepEqual(await gitHosts.keysOf('h'), []);
  t.deepEqual(await gitHosts.list(), [{ host: 'h:22', key: 'c' }]);
  t.deepEqual([await gitHosts.forget('h:22'), await gitHosts.forget('h:22')], [true, false]);
});

import { createPublicKey, verify } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import test, { type ExecutionContext } from 'ava';

import { createBuildkitClient } from '../control/buildkit-client.js';
import { createDirectorySource } from '../file-sync/directory-source.js';
import { fileSync } from '../file-sync/file-sync.js';
import { BytesMessage } from '../generated/github.com/moby/buildkit/api/services/control/control.js';
import * as auth from '../generated/github.com/moby/buildkit/session/auth/auth.js';
import { GetSecretRequest, GetSecretResponse } from '../generated/github.com/moby/buildkit/session/secrets/secrets.js';
import { HealthCheckResponse } from '../generated/grpc/health/v1/health.js';
import { fileSend } from '../services/file-send.js';
import { registryAuth } from '../services/registry-auth.js';
import { secrets } from '../services/secrets.js';
import { solve } from '../solve/solve.js';
import { createContext } from '../testing/create-context.js';
import { startFakeBuildkitd } from '../testing/fake-buildkitd.js';
import { pullFiles } from '../testing/pull-files.js';
import type { SessionCaller } from '../testing/session-caller.js';
import { type Attachable, SESSION_ERROR_CODES } from './attachable.js';
import { openSession } from './open-session.js';

/** Opens a session and lets a test be the daemon. */
async function asDaemon<T>(
  t: ExecutionContext,
  attachables: readonly Attachable[],
  act: (session: SessionCaller) => Promise<T>,
): Promise<T> {
  const fake = await startFakeBuildkitd();
  const client = createBuildkitClient({ address: fake.address });
  const session = openSession(client, { sharedKey: 'key', attachables });
  t.teardown(async () => {
    await session.close();
    client.close();
    await fake.stop();
  });
  let result: T | undefined;
  fake.onSolve(async (call) => {
    result = await act(call.session);
    return {};
  });
  await solve(client, { frontendAttrs: {} }, { session });
  return result ?? t.fail();
}

test('openSession() announces its shared key and its methods', async (t) => {
  const attachable = secrets({ get: async () => undefined });
  const { sharedKey, methods } = await asDaemon(t, [attachable], async (session) => session);
  t.is(sharedKey, 'key');
  t.deepEqual([...methods].sort(), ['/grpc.health.v1.Health/Check', '/moby.buildkit.secrets.v1.Secrets/GetSecret']);
});

test('a session answers health checks', async (t) => {
  const { messages } = await asDaemon(t, [], (session) =>
    session.call('/grpc.health.v1.Health/Check', [Buffer.alloc(0)]),
  );
  t.is(HealthCheckResponse.decode(messages[0] ?? Buffer.alloc(0)).status, 1);
});

test('a session refuses methods that it does not have', async (t) => {
  const { status } = await asDaemon(t, [], (session) => session.call('/moby.Unknown/Method', [Buffer.alloc(0)]));
  t.is(status, SESSION_ERROR_CODES.unimplemented);
});

const SECRET_METHOD = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const secretRequest = (ID: string) => GetSecretRequest.encode({ ID, annotations: {} }).finish();

test('secrets() gives what there is and says what there is not, in any language', async (t) => {
  const source = secrets({ get: async (id) => (id === 'TOKEN' ? 'hunter2' : undefined) });
  const [found, missing] = await asDaemon(t, [source], (session) =>
    Promise.all([
      session.call(SECRET_METHOD, [secretRequest('TOKEN')]),
      session.call(SECRET_METHOD, [secretRequest('ключ 100%')]),
    ]),
  );
  t.is(GetSecretResponse.decode(found.messages[0] ?? Buffer.alloc(0)).data.toString(), 'hunter2');
  t.is(missing.status, SESSION_ERROR_CODES['not-found']);
  t.is(missing.statusMessage, 'secret ключ 100% not found');
});

test('secrets() whose source fails answers, and the session lives on', async (t) => {
  const source = secrets({
    get: async () => {
      throw new Error('vault is away');
    },
  });
  const answers = await asDaemon(t, [source], async (session) => [
    await session.call(SECRET_METHOD, [secretRequest('A')]),
    await session.call('/grpc.health.v1.Health/Check', [Buffer.alloc(0)]),
  ]);
  t.deepEqual(
    answers.map(({ status }) => status),
    [SESSION_ERROR_CODES.unknown, 0],
  );
});

test('registryAuth() proves who it is, mints what is asked and never gives a password for its own hosts', async (t) => {
  const asked: unknown[] = [];
  const attachable = registryAuth({
    identity: 'me',
    isTokenHost: (host) => host === 'rack',
    mintToken: async ({ scopes }) => {
      asked.push(scopes);
      return { token: 'minted', expiresInSeconds: 60, issuedAt: new Date(5000) };
    },
    getCredentials: async () => ({ username: 'u', password: 'p' }),
  });
  const method = (name: string) => `/moby.filesync.v1.Auth/${name}`;
  await asDaemon(t, [attachable], async (session) => {
    const [Salt, Payload] = [Buffer.from('salt'), Buffer.from('payload')];
    const authority = await session.call(method('GetTokenAuthority'), [
      auth.GetTokenAuthorityRequest.encode({ Host: 'rack', Salt }).finish(),
    ]);
    const { PublicKey } = auth.GetTokenAuthorityResponse.decode(authority.messages[0] ?? Buffer.alloc(0));
    const proof = await session.call(method('VerifyTokenAuthority'), [
      auth.VerifyTokenAuthorityRequest.encode({ Host: 'rack', Payload, Salt }).finish(),
    ]);
    const { Signed } = auth.VerifyTokenAuthorityResponse.decode(proof.messages[0] ?? Buffer.alloc(0));
    const prefix = Buffer.from('302a300506032b6570032100', 'hex');
    const key = createPublicKey({ key: Buffer.concat([prefix, PublicKey]), format: 'der', type: 'spki' });
    t.true(verify(null, Payload, key, Signed.subarray(0, 64)));
    const fetched = await session.call(method('FetchToken'), [
      auth.FetchTokenRequest.encode({
        Host: 'rack',
        Realm: 'r',
        Service: 's',
        ClientID: '',
        Scopes: ['repository:app:pull'],
      }).finish(),
    ]);
    t.is(auth.FetchTokenResponse.decode(fetched.messages[0] ?? Buffer.alloc(0)).Token, 'minted');
    const passwords = await Promise.all(
      ['rack', 'elsewhere'].map(async (Host) => {
        const { messages } = await session.call(method('Credentials'), [
          auth.CredentialsRequest.encode({ Host }).finish(),
        ]);
        return auth.CredentialsResponse.decode(messages[0] ?? Buffer.alloc(0)).Secret;
      }),
    );
    t.deepEqual(passwords, ['', 'p']);
    return true;
  });
  t.deepEqual(asked, [['repository:app:pull']]);
});

test('fileSync() sends what the patterns leave, and the right content to each question', async (t) => {
  const context = await createContext({ 'a, b': 'comma', a: 'a', 'folder/inner': 'inner', 'folder/x.log': 'log' });
  t.teardown(context.remove);
  const source = await createDirectorySource(context.folder);
  const { paths, files } = await asDaemon(t, [fileSync({ sources: { context: source } })], (session) =>
    pullFiles(session, 'context', { 'exclude-patterns': ['a, b', '**/*.log', 'busybox'] }),
  );
  t.deepEqual(paths, ['a', 'folder', 'folder/inner']);
  t.deepEqual(Object.fromEntries(files), { a: 'a', 'folder/inner': 'inner' });
});

test('fileSync() sends nothing under a name that it was not given', async (t) => {
  const attachables = [fileSync({ sources: {} })];
  const names = ['context', '__proto__', '../context'];
  const errors = await asDaemon(t, attachables, (session) =>
    Promise.all(names.map((name) => pullFiles(session, name).catch((error: Error) => error.message))),
  );
  t.deepEqual(
    errors,
    names.map((name) => `status ${SESSION_ERROR_CODES['not-found']}: no access allowed to dir "${name}"`),
  );
});

test('fileSend() writes what an exporter sends', async (t) => {
  const target = new PassThrough();
  const received = text(target);
  const { status } = await asDaemon(t, [fileSend({ open: () => target })], (session) =>
    session.call(
      '/moby.filesync.v1.FileSend/DiffCopy',
      ['first ', 'second'].map((data) => BytesMessage.encode({ data: Buffer.from(data) }).finish()),
    ),
  );
  t.is(status, 0);
  t.is(await received, 'first second');
});

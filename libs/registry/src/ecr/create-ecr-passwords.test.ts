import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import test, { type ExecutionContext } from 'ava';

import { createEcrPasswords } from './create-ecr-passwords.js';
import { EcrError, type EcrErrorCode } from './ecr-error.js';

const HOUR_MS = 3_600_000;
const ACCESS_KEY = { id: 'AKIACANARY', secret: 'canary-of-the-secret' };
const REGISTRY = { host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', accessKey: ACCESS_KEY };

type Answer = { readonly expiresAtMs: number } | { readonly status: number; readonly error: string };

/** The control plane of ECR: JSON 1.1 over HTTP, in front of the real SDK. The n-th request gets the n-th answer, or the last. */
async function startControlPlane(t: ExecutionContext, ...answers: readonly Answer[]) {
  const seen: { target: unknown; authorization: string }[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const { 'x-amz-target': target, authorization = '' } = request.headers;
    const answer = answers[Math.min(seen.push({ target, authorization }), answers.length) - 1];
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    if (answer === undefined || 'error' in answer) {
      response.writeHead(answer?.status ?? 500).end(JSON.stringify({ __type: answer?.error, message: ACCESS_KEY.id }));
      return;
    }
    const authorizationToken = Buffer.from(`AWS:password ${seen.length}`).toString('base64');
    const expiresAt = answer.expiresAtMs / 1000;
    response.end(JSON.stringify({ authorizationData: [{ authorizationToken, expiresAt }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { registry: { ...REGISTRY, endpoint }, seen };
}

test('createEcrPasswords() asks once for many, and signs for the region of the registry', async (t) => {
  const { registry, seen } = await startControlPlane(t, { expiresAtMs: Date.now() + 12 * HOUR_MS });
  const passwords = createEcrPasswords();
  const logins = await Promise.all([passwords.get(registry), passwords.get(registry), passwords.get(registry)]);
  for (const login of logins) t.deepEqual(login, { username: 'AWS', password: 'password 1' });
  t.is(seen.length, 1);
  t.is(seen[0]?.target, 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken');
  t.regex(seen[0]?.authorization ?? '', /Credential=AKIACANARY\/\d{8}\/eu-west-1\/ecr\/aws4_request/);
});

test('createEcrPasswords() keeps apart other regions and changed secrets', async (t) => {
  const { registry, seen } = await startControlPlane(t, { expiresAtMs: Date.now() + 12 * HOUR_MS });
  const passwords = createEcrPasswords();
  await passwords.get(registry);
  await passwords.get({ ...registry, accessKey: { ...ACCESS_KEY, secret: 'another' } });
  await passwords.get({ ...registry, host: '123456789012.dkr.ecr.us-east-2.amazonaws.com' });
  t.is(seen.length, 3);
  t.regex(seen[2]?.authorization ?? '', /\/us-east-2\/ecr\//);
});

test('createEcrPasswords() gives out no password that is good for less than it was told', async (t) => {
  let now = Date.now();
  const { registry, seen } = await startControlPlane(t, { expiresAtMs: now + 12 * HOUR_MS });
  const passwords = createEcrPasswords({ goodForMs: HOUR_MS, now: () => now });
  await passwords.get(registry);
  now += 11 * HOUR_MS - 1000;
  await passwords.get(registry);
  t.is(seen.length, 1);
  now += 1000;
  t.is((await passwords.get(registry)).password, 'password 2');
});

test('createEcrPasswords() keeps a password for half of its life at least', async (t) => {
  let now = Date.now();
  const { registry, seen } = await startControlPlane(t, { expiresAtMs: now + 60_000 }, { expiresAtMs: now + 90_000 });
  const passwords = createEcrPasswords({ now: () => now });
  await passwords.get(registry);
  now += 29_000;
  await passwords.get(registry);
  t.is(seen.length, 1);
  now += 1000;
  await passwords.get(registry);
  t.is(seen.length, 2);
});

test('createEcrPasswords() keeps a password whose end is past for a minute and no longer', async (t) => {
  let now = Date.now();
  const { registry, seen } = await startControlPlane(t, { expiresAtMs: Date.UTC(2015, 0, 1) });
  const passwords = createEcrPasswords({ now: () => now });
  await passwords.get(registry);
  now += 59_000;
  await passwords.get(registry);
  t.is(seen.length, 1);
  now += 1000;
  await passwords.get(registry);
  t.is(seen.length, 2);
});

test('createEcrPasswords() waits out a limit of requests', async (t) => {
  const limit = { status: 400, error: 'ThrottlingException' };
  const { registry, seen } = await startControlPlane(t, limit, limit, { expiresAtMs: Date.now() + HOUR_MS });
  t.is((await createEcrPasswords().get(registry)).password, 'password 3');
  t.is(seen.length, 3);
});

const REFUSALS: readonly (readonly [number, string, EcrErrorCode, RegExp])[] = [
  [400, 'AccessDeniedException', 'refused', /lacks the permission ecr:GetAuthorizationToken/],
  [400, 'UnrecognizedClientException', 'refused', /AWS does not take the access key/],
  [400, 'ThrottlingException', 'unavailable', /AWS limits the rack's requests/],
  [500, 'ServerException', 'unavailable', /ECR cannot be asked now/],
];

for (const [status, error, code, message] of REFUSALS) {
  test(`promise 7: ${error} is said in our words, without the access key, and is not kept`, async (t) => {
    const answers = Array.from({ length: code === 'refused' ? 1 : 5 }, () => ({ status, error }));
    const { registry } = await startControlPlane(t, ...answers, { expiresAtMs: Date.now() + HOUR_MS });
    const passwords = createEcrPasswords();
    const thrown = (await t.throwsAsync(passwords.get(registry), { instanceOf: EcrError, message })) ?? t.fail();
    t.is(thrown.code, code);
    t.notRegex(`${thrown.stack} ${JSON.stringify(thrown)}`, /canary/i);
    t.is((await passwords.get(registry)).username, 'AWS');
  });
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createTemporaryFolder, startEcr, type TestEcr } from '@convox-builds/testing';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';

import { createRegistryClient } from '../create-registry-client.js';
import type { RegistryClient } from '../registry-client.js';
import { RegistryError } from '../registry-error.js';
import { createOwnLogin, createOwnRegistryAccess } from '../registry-settings.js';
import { pushTestImage } from '../testing/push-test-image.js';
import { createEcrPasswords } from './create-ecr-passwords.js';
import { EcrError } from './ecr-error.js';
import type { EcrRegistry } from './ecr-registry.js';
import { createEcrRepositories, type EcrRepositories } from './ecr-repositories.js';

const test = anyTest as TestFn<{ ecr: TestEcr; repositories: EcrRepositories; client: RegistryClient }>;

const registryOf = ({ environment, host }: TestEcr): EcrRegistry => {
  const { ECR_ENDPOINT: endpoint, AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '' } = environment;
  return { host, endpoint, accessKey: { id, secret } };
};

function clientOf(ecr: TestEcr): RegistryClient {
  const login = createOwnLogin({ ecr: registryOf(ecr), username: '', password: '' }, createEcrPasswords());
  const registry = { host: ecr.host, isPlainHttp: true };
  return createRegistryClient({
    access: createOwnRegistryAccess(registry, { issuer: undefined, login, subject: 'x' }),
  });
}

test.beforeEach(async (t) => {
  const ecr = await startEcr({ passwordLivesMs: 1500 });
  process.env['AWS_REGION'] = ecr.environment['AWS_REGION'];
  t.context = { ecr, repositories: createEcrRepositories(registryOf(ecr)), client: clientOf(ecr) };
});
test.afterEach.always((t) => t.context.ecr?.stop());

test.serial('ensure() makes a repository as the rack wants it, once, however many ask', async (t) => {
  const { ecr, repositories } = t.context;
  await Promise.all([1, 2, 3].map(() => repositories.ensure('rack/web')));
  t.like(await ecr.findRepository('rack/web'), {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [{ filter: '*.cache' }],
    imageScanningConfiguration: { scanOnPush: true },
  });
  const { lifecyclePolicyText } = (await ecr.askMoto('GetLifecyclePolicy', { repositoryName: 'rack/web' })) as {
    lifecyclePolicyText: string;
  };
  t.like(JSON.parse(lifecyclePolicyText).rules[0].selection, { tagStatus: 'untagged', countNumber: 7 });
  const before = ecr.asked.length;
  await repositories.ensure('rack/web');
  t.deepEqual(ecr.asked.slice(before), ['DescribeRepositories']);
});

test.serial('ensure() leaves a repository alone that somebody else made', async (t) => {
  const { ecr, repositories } = t.context;
  await ecr.askMoto('CreateRepository', { repositoryName: 'rack/theirs', imageTagMutability: 'IMMUTABLE' });
  await repositories.ensure('rack/theirs');
  t.like(await ecr.findRepository('rack/theirs'), { imageTagMutability: 'IMMUTABLE' });
});

test.serial('ensure() does without immutable tags where ECR does not know exclusions', async (t) => {
  const { ecr, repositories } = t.context;
  ecr.fail((action) =>
    action === 'CreateRepository' && ecr.asked.length < 3 ? 'InvalidParameterException' : undefined,
  );
  await repositories.ensure('rack/old');
  t.like(await ecr.findRepository('rack/old'), { imageTagMutability: 'MUTABLE' });
});

test.serial('ensure() and remove() wait out a limit of requests', async (t) => {
  const { ecr, repositories } = t.context;
  ecr.fail(() => (ecr.asked.length % 3 === 0 ? undefined : 'ThrottlingException'));
  await repositories.ensure('rack/web');
  t.truthy(await ecr.findRepository('rack/web'));
  await repositories.remove('rack/web');
  t.is(await ecr.findRepository('rack/web'), undefined);
  t.is(ecr.asked.length, 12);
});

test.serial('promise 10: the permission that is missing is named', async (t) => {
  const { ecr, repositories } = t.context;
  for (const action of ['DescribeRepositories', 'CreateRepository', 'PutLifecyclePolicy', 'DeleteRepository']) {
    ecr.fail((asked) => (asked === action ? 'AccessDeniedException' : undefined));
    const run = action === 'DeleteRepository' ? repositories.remove : repositories.ensure;
    const name = `rack/${action.toLowerCase()}`;
    const error = await t.throwsAsync(run(name), { instanceOf: EcrError });
    t.is(error.code, 'refused');
    t.regex(error.message, new RegExp(`repository "${name}" of ECR: .* lacks the permission ecr:${action}\\b`));
  }
});

test.serial('remove() removes a repository with its images, and one that is not there without a word', async (t) => {
  const { ecr, repositories, client } = t.context;
  const place = { registry: ecr.host, repository: 'rack/gone' };
  await t.throwsAsync(pushTestImage(client, place, 'too early'), { instanceOf: RegistryError });
  await repositories.ensure('rack/gone');
  const image = await pushTestImage(client, place, 'in time');
  await repositories.remove('rack/gone');
  await repositories.remove('rack/gone');
  await t.throwsAsync(client.getManifest({ ...place, digest: image.digest }), { instanceOf: RegistryError });
});

test.serial('a client goes on with a new password when the old one has run out, and writes a tag once', async (t) => {
  const { ecr, repositories, client } = t.context;
  const place = { registry: ecr.host, repository: 'rack/web' };
  await repositories.ensure('rack/web');
  const first = await pushTestImage(client, place, 'first');
  await client.tag({ ...place, digest: first.digest }, 'web.BAAAAAAAAAA');
  await new Promise((resolve) => setTimeout(resolve, 1600));
  await client.tag({ ...place, digest: first.digest }, 'web.BAAAAAAAAAA');
  t.true(ecr.countExpired() > 0);
  const second = await pushTestImage(client, place, 'second');
  const moved = client.tag({ ...place, digest: second.digest }, 'web.BAAAAAAAAAA');
  t.like(await t.throwsAsync(moved, { instanceOf: RegistryError }), { code: 'invalid', status: 400 });
  for (const { digest } of [first, second]) await client.tag({ ...place, digest }, 'web.cache');
});

/** Sets variables that AWS's own code reads, for the time of a test. */
function setEnvironment(t: ExecutionContext, variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
}

test.serial('without an access key the rack is who its pod is: the role of its service account', async (t) => {
  const { ecr } = t.context;
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const tokenFile = join(folder.path, 'token');
  await writeFile(tokenFile, 'token of the service account');
  setEnvironment(t, {
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/rack',
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ENDPOINT_URL_STS: ecr.motoUrl,
  });
  const { host, endpoint } = registryOf(ecr);
  t.is((await createEcrPasswords().get({ host, endpoint })).username, 'AWS');
  await createEcrRepositories({ host, endpoint }).ensure('rack/web');
  t.deepEqual(new Set(ecr.askedWith.map((id) => id.slice(0, 4))), new Set(['ASIA']));
});

test.serial('a rack that is nobody at AWS is told so', async (t) => {
  setEnvironment(t, { AWS_EC2_METADATA_DISABLED: 'true', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' });
  const { host, endpoint } = registryOf(t.context.ecr);
  const message = /^Cannot get a password for registry ".*": the rack has no identity at AWS/;
  await t.throwsAsync(createEcrPasswords().get({ host, endpoint }), { instanceOf: EcrError, message });
});

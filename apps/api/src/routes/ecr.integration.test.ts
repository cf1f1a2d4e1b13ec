import { createRegistryClient } from '@convox-builds/registry';
import { pushTestImage } from '@convox-builds/registry/testing';
import { startEcr } from '@convox-builds/testing';
import test from 'ava';

import { keepHouse } from '../retention/start-retention.js';
import { startTestApi } from '../testing/start-test-api.js';

test('ECR: an external build gets a repository, pushes with its own password, and the app takes all of it along', async (t) => {
  const ecr = await startEcr();
  t.teardown(ecr.stop);
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...variables } = ecr.environment;
  process.env['AWS_REGION'] = AWS_REGION;
  const accessKey = { REGISTRY_USERNAME: AWS_ACCESS_KEY_ID ?? '', REGISTRY_PASSWORD: AWS_SECRET_ACCESS_KEY ?? '' };
  const api = await startTestApi({
    registryHost: ecr.host,
    variables: { ...variables, ...accessKey, REGISTRY_PREFIX: 'rack' },
  });
  t.teardown(api.stop);
  await api.call('POST', '/apps', { form: { name: 'web' } });

  ecr.fail(() => 'AccessDeniedException');
  const refused = await api.call('POST', '/apps/web/builds', { form: { external: 'true' } });
  t.is(refused.status, 500);
  t.regex(refused.text, /lacks the permission ecr:DescribeRepositories/);
  t.notRegex(refused.text, new RegExp(`${AWS_ACCESS_KEY_ID}|${AWS_SECRET_ACCESS_KEY}`));
  ecr.fail(() => undefined);

  const { text } = await api.call('POST', '/apps/web/builds', { form: { external: 'true' } });
  const { id, repository } = JSON.parse(text) as { id: string; repository: string };
  t.truthy(await ecr.findRepository('rack/web'));
  const { username, password } = new URL(repository);
  const credentials = async () => ({ username, password });
  const client = createRegistryClient({ access: { credentials, isPlainHttp: () => true, mirrors: () => [] } });
  const place = { registry: `127.0.0.1:${api.port}`, repository: 'web' };
  const { digest } = await pushTestImage(client, place, 'pushed from outside');
  await client.tag({ ...place, digest }, `web.${id}`);
  t.is((await api.store.builds.find('web', id))?.images['web']?.digest, digest);

  await api.call('DELETE', '/apps/web');
  await keepHouse(api.parts, new AbortController().signal);
  t.is(await ecr.findRepository('rack/web'), undefined);
  t.is(await api.store.removals.count(), 0);
});

import test from 'ava';

import { normaliseRegistryServer, parseEcrHost, registryHostFromServer } from './registry-server.js';

test('normaliseRegistryServer() writes a name in one form', (t) => {
  t.is(normaliseRegistryServer('https://index.docker.io/v1/'), 'index.docker.io/v1');
  t.is(normaliseRegistryServer('ghcr.io'), 'ghcr.io');
});

test('registryHostFromServer() knows the names of Docker Hub', (t) => {
  for (const server of ['docker.io', 'https://index.docker.io/v1/', 'registry-1.docker.io', 'Index.Docker.io/v1']) {
    t.is(registryHostFromServer(server), 'docker.io', server);
  }
  t.is(registryHostFromServer('registry.gitlab.com/group/project'), 'registry.gitlab.com');
  t.is(registryHostFromServer('localhost:5000'), 'localhost:5000');
});

test('parseEcrHost() takes the hosts of ECR, in all partitions, and no others', (t) => {
  const account = '123456789012';
  const hosts = {
    [`${account}.dkr.ecr.eu-west-1.amazonaws.com`]: { account, region: 'eu-west-1', isFips: false },
    [`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com`]: { account, region: 'us-gov-west-1', isFips: true },
    [`${account}.dkr.ecr.cn-north-1.amazonaws.com.cn`]: { account, region: 'cn-north-1', isFips: false },
    [`${account}.dkr-ecr.us-east-2.on.aws`]: { account, region: 'us-east-2', isFips: false },
    [`${account}.dkr.ecr.eusc-de-east-1.amazonaws.eu`]: { account, region: 'eusc-de-east-1', isFips: false },
  };
  for (const [host, read] of Object.entries(hosts)) t.deepEqual(parseEcrHost(host), read, host);
  const others = ['ghcr.io', `${account}.dkr.ecr.eu-west-1.amazonaws.com.evil.example`, 'public.ecr.aws', ''];
  for (const host of others) t.is(parseEcrHost(host), undefined, host);
});

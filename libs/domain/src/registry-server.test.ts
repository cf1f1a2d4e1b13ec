import test from 'ava';

import { isEcrHost, normaliseRegistryServer, registryHostFromServer } from './registry-server.js';

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

test('isEcrHost() takes the hosts of ECR and no others', (t) => {
  t.true(isEcrHost('123456789012.dkr.ecr.eu-west-1.amazonaws.com'));
  for (const host of ['ghcr.io', '123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example', 'public.ecr.aws']) {
    t.false(isEcrHost(host), host);
  }
});

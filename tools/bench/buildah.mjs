import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from './run-program.mjs';

/** Where buildah finds base images: in the mirror of Docker Hub that the rack has. */
const registriesConf = ({ registryHost }) => `unqualified-search-registries = ["docker.io"]
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "${registryHost}/docker.io"
insecure = true
[[registry]]
location = "${registryHost}"
insecure = true
`;
const POLICY = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });

/** Buildah as a script would use it: layers are kept in a folder, and the image is pushed when it is built. */
export function createBuildah({ folder, rack, environment }) {
  mkdirSync(folder, { recursive: true });
  const [conf, policy] = [join(folder, 'registries.conf'), join(folder, 'policy.json')];
  writeFileSync(conf, registriesConf(rack));
  writeFileSync(policy, POLICY);
  const store = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--registries-conf', conf];
  const authfile = ['--authfile', join(environment.DOCKER_CONFIG, 'config.json')];
  const common = ['--signature-policy', policy, ...authfile];
  return {
    build: async (context, image) => {
      await runProgram('buildah', [...store, 'bud', '--layers', ...common, '--tag', image, context]);
      await runProgram('buildah', [...store, 'push', ...common, image]);
    },
  };
}

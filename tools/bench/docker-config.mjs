import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a Docker configuration with which buildctl may push to the rack's registry; answers its environment. */
export function writeDockerConfig(folder, { url, registryHost }) {
  const { username, password } = new URL(url);
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registryHost]: { auth } } }));
  return { DOCKER_CONFIG: folder };
}

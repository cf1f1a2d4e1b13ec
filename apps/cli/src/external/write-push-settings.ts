import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PushAccess } from './engine.js';

interface DockerSettings {
  readonly auths?: object;
  readonly credHelpers?: object;
}

/**
 * Writes the person's own settings of Docker with one more login into a private folder. Nobody is logged in anywhere
 * else by that, and other builds have logins of their own.
 *
 * @param own folder of the person's settings
 */
export function writePushSettings(folder: string, { access, own }: { access: PushAccess; own: string }): void {
  const path = join(own, 'config.json');
  const settings = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DockerSettings) : {};
  const auth = Buffer.from(`${access.username}:${access.password}`).toString('base64');
  const login = { [access.host]: { auth } };
  const auths = { ...settings.auths, ...login };
  // No helper: the password is in the file (docker/cli, cli/config/configfile/file.go).
  const credHelpers = { ...settings.credHelpers, [access.host]: '' };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...settings, auths, credHelpers }), { mode: 0o600 });
  // Podman does not know the empty helper, and needs nothing else to push.
  writeFileSync(join(folder, 'auth.json'), JSON.stringify({ auths: login }), { mode: 0o600 });
  // Which daemon Docker talks to.
  if (existsSync(join(own, 'contexts'))) symlinkSync(join(own, 'contexts'), join(folder, 'contexts'));
}

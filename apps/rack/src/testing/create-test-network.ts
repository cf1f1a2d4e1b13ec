import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BUSYBOX, createTemporaryFolder, type Service, spawnService } from '@convox-builds/testing';

const run = promisify(execFile);

/** A machine of a test's own on a network of its own: no packet of it leaves the machine that the test runs on. */
export interface TestNetwork {
  /** Put before a command, runs it on that machine. */
  readonly enter: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Sends whoever asks to the host in the query. */
const REDIRECT = `#!/bin/sh
printf 'HTTP/1.0 302 Found\\r\\nLocation: http://%s/\\r\\n\\r\\n' "$QUERY_STRING"
`;

/** A web server on every address of a machine; each page says `found`, and `/cgi-bin/redirect?host` leads to another. */
async function serveFound(enter: readonly string[], folder: string): Promise<Service> {
  await mkdir(join(folder, 'cgi-bin'), { recursive: true });
  await writeFile(join(folder, 'index.html'), 'found\n');
  await writeFile(join(folder, 'cgi-bin', 'redirect'), REDIRECT, { mode: 0o755 });
  return spawnService('env', [...enter, BUSYBOX, 'httpd', '-f', '-p', '80', '-h', folder]);
}

/**
 * Makes two network namespaces with a wire between them: a machine for a rack, and the world, which has the given
 * addresses. Both serve `found` on port 80 of every address that they have.
 */
export async function createTestNetwork(worldAddresses: readonly string[]): Promise<TestNetwork> {
  const folder = await createTemporaryFolder();
  const id = randomBytes(3).toString('hex');
  const names = { machine: `cb-m-${id}`, world: `cb-w-${id}` };
  const wire = { machine: `cbm${id}`, world: `cbw${id}` };
  const ip = (...words: string[]) => run('ip', words);
  const inside = (name: string) => ['nsenter', `--net=/run/netns/${name}`, '--'];
  const services: Service[] = [];
  const remove = async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await ip('netns', 'delete', names.machine).catch(() => {});
    await ip('netns', 'delete', names.world).catch(() => {});
    await folder.remove();
  };
  try {
    for (const name of [names.machine, names.world]) {
      await ip('netns', 'add', name);
      await ip('-n', name, 'link', 'set', 'lo', 'up');
    }
    await ip(
      'link',
      'add',
      wire.machine,
      'netns',
      names.machine,
      'type',
      'veth',
      'peer',
      wire.world,
      'netns',
      names.world,
    );
    await ip('-n', names.machine, 'address', 'add', '192.0.2.2/24', 'dev', wire.machine);
    await ip('-n', names.world, 'address', 'add', '192.0.2.1/24', 'dev', wire.world);
    await ip('-n', names.machine, 'link', 'set', wire.machine, 'up');
    await ip('-n', names.world, 'link', 'set', wire.world, 'up');
    await ip('-n', names.machine, 'route', 'add', 'default', 'via', '192.0.2.1');
    for (const address of worldAddresses) await ip('-n', names.world, 'address', 'add', `${address}/32`, 'dev', 'lo');
    services.push(await serveFound(inside(names.machine), join(folder.path, 'machine')));
    services.push(await serveFound(inside(names.world), join(folder.path, 'world')));
    return { enter: inside(names.machine), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

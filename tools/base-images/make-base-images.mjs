import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { run } from '../set-up/run.mjs';
import { TOOLS } from '../set-up/stamp.mjs';
import { writeOciLayout } from './write-oci-layout.mjs';

const REACH_TIMEOUT_MS = 3000;
// One folder for each: a slash in a name is written as in a URL.
const layoutFolder = (name) => join(TOOLS, 'base-images', encodeURIComponent(name));
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Whether Dockerfiles can have their base images from where they say. */
export async function reachesDockerHub() {
  const answer = await fetch('https://registry-1.docker.io/v2/', {
    signal: AbortSignal.timeout(REACH_TIMEOUT_MS),
  }).catch(() => undefined);
  return answer?.status === 401;
}

/** A root file system of one static program. */
function makeBusybox(root) {
  for (const folder of ['bin', 'etc', 'root', 'tmp', 'var', 'usr/bin', 'usr/sbin', 'sbin'])
    mkdirSync(join(root, folder), { recursive: true });
  cpSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const applet of run('/bin/busybox', ['--list']).trim().split('\n')) {
    if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  }
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
}

function makeDebian(root) {
  run('debootstrap', ['--variant=minbase', 'bookworm', root]);
  rmSync(join(root, 'var/cache/apt'), { recursive: true, force: true });
}

/** Debian with the Node that runs this, its npm, and the certificates that this machine trusts. */
function makeNode(root) {
  makeDebian(root);
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  cpSync(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true });
  cpSync(join(prefix, 'lib/node_modules/npm'), join(root, 'usr/local/lib/node_modules/npm'), { recursive: true });
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  cpSync(CERTIFICATES, join(root, CERTIFICATES), { recursive: true });
}

/** The daemon that set-up has built. */
function makeBuildkit(root) {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  cpSync(join(TOOLS, 'bin/buildkitd'), join(root, 'usr/bin/buildkitd'));
}

const IMAGES = {
  busybox: { make: makeBusybox, tag: 'latest', command: ['sh'] },
  debian: { make: makeDebian, tag: 'bookworm-slim', command: ['bash'] },
  node: {
    make: makeNode,
    tag: '24-bookworm-slim',
    command: ['node'],
    environment: [`NODE_EXTRA_CA_CERTS=${CERTIFICATES}`],
  },
  'moby/buildkit': { make: makeBuildkit, tag: 'v0.32.2', command: ['buildkitd'] },
};

/** Makes one base image as an OCI layout, for the rack's registry to serve. */
export async function makeBaseImage(name) {
  const { make, tag, command, environment = [] } = IMAGES[name];
  const root = mkdtempSync(join(tmpdir(), 'base-image-'));
  try {
    make(root);
    await writeOciLayout({ root, folder: layoutFolder(name), tag, command, environment });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Whether a base image was made already. */
export const isMade = (name) => existsSync(join(layoutFolder(name), 'index.json'));

/** Where Docker Hub is out of reach, makes what the examples and tests build upon. */
export async function makeBaseImages() {
  if (isMade('busybox')) return undefined;
  if (await reachesDockerHub()) return undefined;
  await makeBaseImage('busybox');
  return 'made busybox, because Docker Hub cannot be reached (npm run base-images -- debian makes Debian)';
}

if (process.argv[1] === import.meta.filename) {
  for (const name of process.argv.slice(2)) {
    if (!Object.hasOwn(IMAGES, name))
      throw new Error(`unknown base image ${name}: there are ${Object.keys(IMAGES).join(', ')}`);
    await makeBaseImage(name);
    process.stdout.write(`made ${name}\n`);
  }
}

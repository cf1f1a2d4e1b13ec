import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { run } from '../set-up/run.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const EPOCH = '1970-01-01T00:00:00Z';

const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * Writes a root file system as an image of one layer (OCI image spec, "Image Layout"). The same files give the same
 * digest: names in order, no times, no owners.
 */
export async function writeOciLayout({ root, folder, tag, command, environment = [] }) {
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(join(partial, 'blobs/sha256'), { recursive: true });
  const addBlob = (mediaType, bytes) => {
    const digest = digestOf(bytes);
    writeFileSync(join(partial, 'blobs/sha256', digest.slice('sha256:'.length)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const tarFile = join(partial, 'layer.tar');
  run('tar', [
    '--sort=name',
    '--mtime=@0',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '-cf',
    tarFile,
    '-C',
    root,
    '.',
  ]);
  const tar = readFileSync(tarFile);
  rmSync(tarFile);
  const layer = addBlob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar));
  const json = (value) => Buffer.from(JSON.stringify(value));
  const config = addBlob(
    'application/vnd.oci.image.config.v1+json',
    json({
      created: EPOCH,
      architecture: ARCHITECTURES[arch()],
      os: 'linux',
      config: { Cmd: command, Env: [`PATH=${SEARCH_PATH}`, ...environment] },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
      history: [{ created: EPOCH }],
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = addBlob(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  writeFileSync(join(partial, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const named = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': tag } };
  writeFileSync(join(partial, 'index.json'), json({ schemaVersion: 2, manifests: [named] }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';

import { BIN, buildGoModule } from './build-go-module.mjs';
import { findProgram, isExecutable, run } from './run.mjs';
import { giveUp } from './say.mjs';
import { hashFiles, isStamped, stamp, TOOLS } from './stamp.mjs';

const VERSION = '0.32.2';
/** Older versions are not safe with strangers' Dockerfiles. */
const OLDEST = [0, 31, 2];
const PROGRAMS = ['buildkitd', 'buildctl'];

/** Checksums of the releases on https://github.com/moby/buildkit/releases. */
const RELEASES = {
  x64: { name: 'amd64', sha256: '2975d0f651ad96ba8b80b9992ae1f9a964f4408569af5b6dc36544165c3926af' },
  arm64: { name: 'arm64', sha256: '9e8f46bf309ec0ab262967be5538a4dbe06be756a82621f98253933bac5dcf92' },
};

function isRecent(program) {
  const [, ...parts] = /v(\d+)\.(\d+)\.(\d+)/.exec(run(program, ['--version'])) ?? [];
  const difference = parts.map((part, index) => Number(part) - OLDEST[index]).find((value) => value !== 0) ?? 0;
  return parts.length === 3 && difference >= 0;
}

function copyFromPath() {
  const found = PROGRAMS.map(findProgram);
  if (found.includes(undefined) || !isRecent(found[0])) return undefined;
  for (const [index, name] of PROGRAMS.entries()) copyFileSync(found[index], join(BIN, name));
  return `found ${found[0]}`;
}

function buildWithGo() {
  const isBuilt = buildGoModule('tools/buildkit', {
    packages: PROGRAMS.map((name) => `github.com/moby/buildkit/cmd/${name}`),
    flags: ['-ldflags', `-X github.com/moby/buildkit/version.Version=v${VERSION}`],
    announcement: `buildkitd: building ${VERSION} with Go, about two minutes the first time…`,
  });
  return isBuilt ? `built ${VERSION} with Go` : undefined;
}

async function download() {
  const release = RELEASES[arch()];
  if (release === undefined) return undefined;
  const url = `https://github.com/moby/buildkit/releases/download/v${VERSION}/buildkit-v${VERSION}.linux-${release.name}.tar.gz`;
  const read = async (response) => (response.ok ? Buffer.from(await response.arrayBuffer()) : undefined);
  const bytes = await fetch(url)
    .then(read)
    .catch(() => undefined);
  if (bytes === undefined) return undefined;
  if (createHash('sha256').update(bytes).digest('hex') !== release.sha256)
    giveUp(`${url} is not what it should be: its checksum differs`);
  const archive = join(TOOLS, 'buildkit.tar.gz');
  writeFileSync(archive, bytes);
  run('tar', ['-xzf', archive, '-C', TOOLS, ...PROGRAMS.map((name) => `bin/${name}`)]);
  rmSync(archive);
  return `downloaded ${VERSION}`;
}

/** Brings buildkitd (and buildctl, for the benchmark): from PATH, built with Go, or downloaded. */
export async function installBuildkitd() {
  const pinned = hashFiles('tools/buildkit/go.sum');
  if (isStamped('buildkitd', pinned) && PROGRAMS.every((name) => isExecutable(join(BIN, name)))) return undefined;
  mkdirSync(BIN, { recursive: true });
  const done = copyFromPath() ?? buildWithGo() ?? (await download());
  if (done === undefined)
    giveUp(
      'no buildkitd: install Go 1.26, put buildkitd and buildctl 0.31.2 or newer into PATH, or connect to the internet',
    );
  stamp('buildkitd', pinned);
  return done;
}

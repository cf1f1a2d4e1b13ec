import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { BIN } from './build-go-module.mjs';
import { isExecutable, run } from './run.mjs';
import { hashFiles, isStamped, ROOT, stamp, TOOLS } from './stamp.mjs';

const REQUIREMENTS = 'tools/ecr-control-plane/requirements.txt';
const PROGRAM = join(BIN, 'moto_server');

/** Brings moto, the imitation of AWS that the tests of ECR ask, into an environment of its own. */
export function installMoto() {
  const pinned = hashFiles(REQUIREMENTS);
  if (isStamped('moto', pinned) && isExecutable(PROGRAM)) return undefined;
  const environment = join(TOOLS, 'moto');
  rmSync(environment, { recursive: true, force: true });
  run('python3', ['-m', 'venv', environment]);
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-deps'];
  run(join(environment, 'bin/pip'), ['install', ...quietly, '-r', join(ROOT, REQUIREMENTS)]);
  mkdirSync(BIN, { recursive: true });
  rmSync(PROGRAM, { force: true });
  symlinkSync(join(environment, 'bin/moto_server'), PROGRAM);
  stamp('moto', pinned);
  return 'installed';
}

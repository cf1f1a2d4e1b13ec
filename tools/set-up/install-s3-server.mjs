import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { BIN, buildGoModule } from './build-go-module.mjs';
import { isExecutable } from './run.mjs';
import { giveUp } from './say.mjs';
import { hashFiles, isStamped, stamp } from './stamp.mjs';

const MODULE = 'tools/s3-server';
const NAME = 'versitygw';

/** Brings versitygw, the S3 server of the tests. */
export function installS3Server() {
  const pinned = hashFiles(`${MODULE}/go.sum`);
  if (isStamped(NAME, pinned) && isExecutable(join(BIN, NAME))) return undefined;
  mkdirSync(BIN, { recursive: true });
  const isBuilt = buildGoModule(MODULE, {
    packages: [`github.com/versity/versitygw/cmd/${NAME}`],
    announcement: `${NAME}: building with Go, about a minute and a half the first time…`,
  });
  if (!isBuilt) giveUp(`no ${NAME}, which tests need: install Go 1.26`);
  stamp(NAME, pinned);
  return 'built with Go';
}

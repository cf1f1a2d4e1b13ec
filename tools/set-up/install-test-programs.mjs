import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { BIN, buildGoModule } from './build-go-module.mjs';
import { isExecutable } from './run.mjs';
import { giveUp } from './say.mjs';
import { hashFiles, isStamped, stamp } from './stamp.mjs';

function install({ name, module, package: path, takes }) {
  const pinned = hashFiles(`${module}/go.sum`);
  if (isStamped(name, pinned) && isExecutable(join(BIN, name))) return undefined;
  mkdirSync(BIN, { recursive: true });
  const announcement = `${name}: building with Go, ${takes} the first time…`;
  if (!buildGoModule(module, { packages: [path], announcement }))
    giveUp(`no ${name}, which tests need: install Go 1.26`);
  stamp(name, pinned);
  return 'built with Go';
}

/** Brings versitygw, the S3 server of the tests. */
export const installS3Server = () =>
  install({
    name: 'versitygw',
    module: 'tools/s3-server',
    package: 'github.com/versity/versitygw/cmd/versitygw',
    takes: 'about a minute and a half',
  });

/** Brings helm, which renders the chart in the tests. */
export const installHelm = () =>
  install({
    name: 'helm',
    module: 'tools/helm',
    package: 'helm.sh/helm/v3/cmd/helm',
    takes: 'about two minutes',
  });

/** Brings kubeconform, which holds what the chart renders to against the schemas of Kubernetes. */
export const installKubeconform = () =>
  install({
    name: 'kubeconform',
    module: 'tools/kubeconform',
    package: 'github.com/yannh/kubeconform/cmd/kubeconform',
    takes: 'about ten seconds',
  });

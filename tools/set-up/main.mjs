// Brings everything that the workspace needs: finds what is there, installs what is not, says what it did.
// It runs before anything is installed, so it is plain Node.

import { makeBaseImages } from '../base-images/make-base-images.mjs';
import { buildWorkspace } from './build-workspace.mjs';
import { installBuildkitd } from './install-buildkitd.mjs';
import { installKubernetes } from './install-kubernetes.mjs';
import { installMoto } from './install-moto.mjs';
import { installNodeModules } from './install-node-modules.mjs';
import { installPackages } from './install-packages.mjs';
import { installHelm, installKubeconform, installS3Server } from './install-test-programs.mjs';
import { giveUp, step } from './say.mjs';

/** It reads YAML, with a module that is there by then. */
const makeSchemas = async () => (await import('../kubeconform/make-schemas.mjs')).makeSchemas();

export async function setUp({ isForTests = false, isForKubernetes = false } = {}) {
  if (process.platform !== 'linux') giveUp('BuildKit builds on Linux: run this on a Linux machine or in a virtual one');
  if (process.getuid() !== 0)
    giveUp('builds get networks and containers of their own: run this as root, e.g. sudo env "PATH=$PATH" npm start');
  await step('packages', () => installPackages({ isForTests, isForKubernetes }));
  await step('node modules', installNodeModules);
  await step('buildkitd', installBuildkitd);
  if (isForTests) await step('S3 server', installS3Server);
  if (isForTests) await step('helm', installHelm);
  if (isForTests) await step('moto', installMoto);
  if (isForTests) await step('kubeconform', installKubeconform);
  if (isForTests) await step('schemas of Kubernetes', makeSchemas);
  if (isForKubernetes) await step('Kubernetes', installKubernetes);
  await step('base images', makeBaseImages);
  await step('workspace', buildWorkspace);
}

// `npm run setup`: whoever runs it by itself is about to change something, and wants to test that.
if (process.argv[1] === import.meta.filename) await setUp({ isForTests: true });

import { spawnSync } from 'node:child_process';

import { run } from '../set-up/run.mjs';
import { KUBECONFIG, program } from './places.mjs';

const command = (args) => ['kubectl', '--kubeconfig', KUBECONFIG, ...args];

/** Runs kubectl to its end and gives what it says. */
export const kubectl = (args, options) => run(program('kube'), command(args), options);

/** Whether kubectl succeeds. */
export const kubectlSucceeds = (...args) => spawnSync(program('kube'), command(args)).status === 0;

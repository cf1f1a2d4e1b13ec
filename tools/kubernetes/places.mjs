import { join } from 'node:path';

import { BIN } from '../set-up/build-go-module.mjs';
import { TOOLS } from '../set-up/stamp.mjs';

/** Where everything is that belongs to the cluster of the tests. */
export const STATE = join(TOOLS, 'kubernetes');

/** What goes away with the cluster. */
export const RUN = join(STATE, 'run');

/** Who may do everything, and where the cluster is: what kubectl and helm read. */
export const KUBECONFIG = join(RUN, 'kubeconfig');

/** Serves the api, and proves who its programs are. */
export const CERTIFICATE = join(RUN, 'cluster.crt');
export const KEY = join(RUN, 'cluster.key');

/** Where containerd is asked. */
export const CONTAINERD = join(RUN, 'containerd.sock');

/** A program that set-up has built. */
export const program = (name) => join(BIN, name);

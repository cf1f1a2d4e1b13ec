import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { findTool } from '@convox-builds/testing';

const execute = promisify(execFile);
const MAX_BYTES = 64 * 1024 * 1024;
/** Root of the workspace. */
export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Runs kubectl, on the cluster that KUBECONFIG names, and gives what it says. */
export async function kubectl(...args: string[]): Promise<string> {
  return (await execute(findTool('kube'), ['kubectl', ...args], { maxBuffer: MAX_BYTES })).stdout;
}

/** Runs helm, on the same cluster. */
export async function helm(...args: string[]): Promise<string> {
  return (await execute(findTool('helm'), args, { maxBuffer: MAX_BYTES })).stdout;
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Root of the workspace. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The program that set-up built or found: in the workspace's own folder, else by its name in PATH. */
export function findTool(
  name: 'buildkitd' | 'buildctl' | 'helm' | 'kube' | 'kubeconform' | 'moto_server' | 'versitygw',
): string {
  const own = `${ROOT}.tools/bin/${name}`;
  return existsSync(own) ? own : name;
}

/** A statically linked program with which a `FROM scratch` image can run shell commands. */
export const BUSYBOX = '/bin/busybox';

/** The value of `PATH`, for daemons that look for programs themselves. */
export function searchPath(): string {
  return process.env['PATH'] ?? '';
}

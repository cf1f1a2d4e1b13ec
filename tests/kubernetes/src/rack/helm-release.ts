import { helm, kubectl, ROOT } from '../cluster/run.js';
import type { Rack } from './rack.js';

const CHART = `${ROOT}deploy/helm`;
const WAIT = ['--wait', '--timeout', '8m'];

type Release = Pick<Rack, 'release' | 'namespace'>;

/** Installs the chart, waits until everything is ready, and lets it test itself. */
export async function installRelease({ release, namespace }: Release, flags: readonly string[] = []): Promise<void> {
  await helm('install', release, CHART, '--namespace', namespace, '--create-namespace', ...WAIT, ...flags);
  await helm('test', release, '--namespace', namespace);
}

/** Changes what was given to the chart, and waits until everything is as it says. */
export async function upgradeRelease({ release, namespace }: Release, ...settings: string[]): Promise<void> {
  const flags = settings.flatMap((setting) => ['--set', setting]);
  await helm('upgrade', release, CHART, '--namespace', namespace, '--reuse-values', ...WAIT, ...flags);
}

/** Takes away what the chart has installed, and waits until nothing of it runs. */
export async function uninstallRelease({ release, namespace }: Release): Promise<void> {
  await helm('uninstall', release, '--namespace', namespace, ...WAIT);
  await kubectl('wait', '--for=delete', 'pods', '--all', '--namespace', namespace, '--timeout=8m');
}

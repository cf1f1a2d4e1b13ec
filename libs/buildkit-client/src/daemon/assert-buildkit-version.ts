import type { BuildkitInfo } from '../control/info.js';

/** Older versions can be led out of their sandbox by a Dockerfile. */
const MINIMUM = [0, 31, 2] as const;

/**
 * Refuses a buildkitd that is not safe with strangers' Dockerfiles. One that was built without a version says
 * `v0.0.0+unknown`; then nothing can be told, and it is accepted: whoever built it knows.
 *
 * @throws {RangeError}
 */
export function assertBuildkitVersion({ version }: Pick<BuildkitInfo, 'version'>): void {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [0, 0, 0];
  if (parts.every((part) => part === 0)) return;
  const difference = parts.map((part, index) => part - (MINIMUM[index] ?? 0)).find((value) => value !== 0) ?? 0;
  if (difference >= 0) return;
  throw new RangeError(
    `Cannot use buildkitd ${version}: ${MINIMUM.join('.')} is the oldest version that is safe; install a newer one`,
  );
}

import { runGit } from './run-git.js';

/** The first one that connects to an address that it is given (`http.curloptResolve`), with margin. */
const OLDEST = [2, 39] as const;

/** Where it was found to be new enough: that stays so for as long as we run. */
const asserted = new Set<string>();

/**
 * Asserts that git is there and new enough.
 *
 * @throws {Error} for the rack's operator
 */
export async function assertGitVersion(searchPath: string, signal: AbortSignal): Promise<void> {
  if (asserted.has(searchPath)) return;
  const version = await runGit({ args: ['version'], gitDir: '/nonexistent', searchPath, signal }).catch(
    (error: unknown) => {
      throw new Error('Cannot run git on this worker: install git 2.39 or newer', { cause: error });
    },
  );
  const [, major, minor] = (/(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major === undefined || minor === undefined || major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Error(`Cannot use ${version.trim()} on this worker: install git ${OLDEST.join('.')} or newer`);
  }
  asserted.add(searchPath);
}

import { findGitSource } from '@convox-builds/domain';
import type { BuildRecord } from '@convox-builds/store';

/** Names of the OCI image spec (`annotations.md`, "Pre-Defined Annotation Keys"), and one of ours. */
const KEYS = {
  created: 'org.opencontainers.image.created',
  source: 'org.opencontainers.image.source',
  revision: 'org.opencontainers.image.revision',
  build: 'com.convox.build',
} as const;

/** What a build knows of the origin of its images. */
export type BuildOrigin = Pick<BuildRecord, 'id' | 'source' | 'gitSha' | 'createdAt' | 'startedAt'>;

/** The git repository and the commit that a build is of; `''` for what is not known. */
export function vcsOf({ source, gitSha }: Pick<BuildOrigin, 'source' | 'gitSha'>) {
  const [address = ''] = (findGitSource(source) ?? '').split('#');
  return { source: address, revision: gitSha };
}

/**
 * The labels that tell where the images of a build come from. With `time` they are equal for all builds of a commit: it stands for
 * the build's own time, and the build is not named.
 */
export function originLabels(build: BuildOrigin, { time }: { time?: Date | undefined } = {}): Record<string, string> {
  const { source, revision } = vcsOf(build);
  const made = time ?? build.startedAt ?? build.createdAt;
  return {
    [KEYS.created]: made.toISOString().replace('.000Z', 'Z'),
    ...(source === '' ? {} : { [KEYS.source]: source }),
    ...(revision === '' ? {} : { [KEYS.revision]: revision }),
    ...(time === undefined ? { [KEYS.build]: build.id } : {}),
  };
}

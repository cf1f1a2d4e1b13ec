import { SolveError, TarSourceError } from '@convox-builds/buildkit-client';
import { BuildFailure, type FailureClass } from '@convox-builds/domain';
import { GitError, type GitErrorCode } from '@convox-builds/git-source';
import { ManifestError } from '@convox-builds/manifest';
import { EcrError, RegistryError } from '@convox-builds/registry';

import { AttemptStop } from './attempt.js';

function fromRegistryError(error: RegistryError): BuildFailure {
  if (error.status === 401 || error.status === 403)
    return new BuildFailure('credentials', error.message, { cause: error });
  const isUsers = error.code === 'not-found' || error.code === 'refused';
  return new BuildFailure(isUsers ? 'user' : 'platform', error.message, { cause: error });
}

const GIT_CLASSES: Readonly<Record<GitErrorCode, FailureClass>> = {
  'not-found': 'user',
  refused: 'user',
  denied: 'credentials',
  'too-large': 'limits',
  unavailable: 'platform',
};

/** Puts whatever ended an attempt into one of the failure classes, with a message for the person who waits. */
export function classifyFailure(error: unknown, { buildTimeoutMs }: { buildTimeoutMs: number }): BuildFailure {
  if (error instanceof BuildFailure) return error;
  if (error instanceof AttemptStop) {
    return new BuildFailure('timeout', `the build ran longer than ${Math.round(buildTimeoutMs / 1000)} seconds`);
  }
  if (error instanceof ManifestError || error instanceof TarSourceError) {
    return new BuildFailure('user', error.message, { cause: error });
  }
  if (error instanceof GitError) return new BuildFailure(GIT_CLASSES[error.code], error.message, { cause: error });
  if (error instanceof RegistryError) return fromRegistryError(error);
  if (error instanceof EcrError)
    return new BuildFailure(error.code === 'refused' ? 'credentials' : 'platform', error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  const part = error instanceof SolveError ? 'the build daemon' : 'the rack';
  return new BuildFailure('platform', `${part} failed: ${message}`, { cause: error });
}

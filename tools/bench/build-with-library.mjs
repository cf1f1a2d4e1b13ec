import { dockerfileAttrs, fileSync, openSession, solve } from '@convox-builds/buildkit-client';

/**
 * Builds a source with our library, over a session of its own, as a worker does for each build.
 *
 * @returns how many files of the context the daemon asked for
 */
export async function buildWithLibrary(client, { source, sharedKey }) {
  let files = 0;
  const onSynced = (synced) => {
    if (synced.name === 'context') files += synced.files;
  };
  const attachables = [fileSync({ sources: { context: source, dockerfile: source }, onSynced })];
  const session = openSession(client, { sharedKey, attachables });
  try {
    await solve(client, { frontendAttrs: dockerfileAttrs({}) }, { session });
    return files;
  } finally {
    await session.close();
  }
}

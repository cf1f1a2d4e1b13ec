import { dockerfileAttrs, fileSync, openSession, solve } from '@convox-builds/buildkit-client';

/** Builds a source with our library, over a session of its own, as a worker does for each build. */
export async function buildWithLibrary(client, { source, sharedKey }) {
  const attachables = [fileSync({ sources: { context: source, dockerfile: source } })];
  const session = openSession(client, { sharedKey, attachables });
  try {
    await solve(client, { frontendAttrs: dockerfileAttrs({}) }, { session });
  } finally {
    await session.close();
  }
}

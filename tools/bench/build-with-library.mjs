import { dockerfileAttrs, fileSync, openSession, solve } from '@convox-builds/buildkit-client';

/**
 * Builds a source with our library, over a session of its own, as a worker does for each build.
 *
 * @returns how many files of the context the daemon asked for, and how many bytes they have
 */
export async function buildWithLibrary(client, { source, sharedKey }) {
  const sent = { files: 0, bytes: 0 };
  const onSynced = ({ name, files, bytes }) => {
    if (name !== 'context') return;
    sent.files += files;
    sent.bytes += bytes;
  };
  const attachables = [fileSync({ sources: { context: source, dockerfile: source }, onSynced })];
  const session = openSession(client, { sharedKey, attachables });
  try {
    await solve(client, { frontendAttrs: dockerfileAttrs({}) }, { session });
    return sent;
  } finally {
    await session.close();
  }
}

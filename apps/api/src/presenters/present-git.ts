import { formatTime, type WireGitCredential, type WireGitHost } from '@convox-builds/api-contract';
import { sshFingerprint } from '@convox-builds/domain';
import type { GitCredential, GitHostKey } from '@convox-builds/store';

/** A credential for the wire: everything but its secret. */
export function presentGitCredential({
  host,
  kind,
  username,
  fingerprint,
  createdAt,
}: GitCredential): WireGitCredential {
  return { host, kind, username, fingerprint, created: formatTime(createdAt) };
}

/** A key of a server for the wire. */
export function presentGitHost({ host, key }: GitHostKey): WireGitHost {
  return { host, key, fingerprint: sshFingerprint(key) };
}

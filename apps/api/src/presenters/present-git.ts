import { formatTime, type WireGitCredential, type WireGitHost } from '@convox-builds/api-contract';
import { SHIPPED_HOSTS, shippedHostKeys, sshFingerprint } from '@convox-builds/domain';
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
  return { host, key, fingerprint: sshFingerprint(key), shipped: false };
}

/** The keys that come with the rack, but for hosts whose keys are pinned. */
export function presentShippedHosts(pinned: readonly GitHostKey[]): WireGitHost[] {
  const hosts = SHIPPED_HOSTS.filter((host) => !pinned.some((key) => key.host === host));
  return hosts.flatMap((host) =>
    shippedHostKeys(host).map((key) => ({ ...presentGitHost({ host, key }), shipped: true })),
  );
}

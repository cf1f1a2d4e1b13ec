/**
 * The keys of the large forges' ssh servers, by host. Their owners publish them, as lines or as fingerprints
 * (docs.github.com "GitHub's SSH key fingerprints", docs.gitlab.com "GitLab.com settings", bitbucket.org/blog "SSH host key
 * changes"); they were compared byte by byte with those that Argo CD comes with (`argocd-ssh-known-hosts-cm.yaml`).
 */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  'github.com': [
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
  ],
  'gitlab.com': [
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFSMqzJeV9rUzU4kWitGjeR4PWSa29SPqJ1fVkhtj3Hw9xjLVXVYrU9QlYWrOLXBpQ6KWjbjTDTdDkoohFzgbEY=',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf',
  ],
  'bitbucket.org': [
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPIQmuzMBuKdWeF4+a2sjSSpBK0iqitSQ+5BM9KhpexuGt20JpTVM7u5BDZngncgrqDMbWdxMWWOGtZ9UgbqgZE=',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO',
  ],
};

/** The hosts whose keys come with the rack, in the order of their names. */
export const SHIPPED_HOSTS: readonly string[] = Object.keys(SHIPPED).sort();

/**
 * The keys of a host that come with the rack; none for most.
 *
 * @param host with the port, unless it is 22
 */
export function shippedHostKeys(host: string): readonly string[] {
  return Object.hasOwn(SHIPPED, host) ? (SHIPPED[host] ?? []) : [];
}

/** A row of `build_logins`: what its source was named with, for as long as it is built. */
export interface BuildLoginRow {
  readonly build_id: string;
  readonly sealed: string;
}

/** A row of `git_credentials`. */
export interface GitCredentialRow {
  /** `null`: of the whole rack. */
  readonly app: string | null;
  readonly host: string;
  readonly kind: 'token' | 'ssh-key';
  readonly username: string;
  readonly fingerprint: string;
  readonly sealed: string;
  readonly created_at: Date;
}

/** A row of `polled_repositories`. */
export interface PolledRepositoryRow {
  readonly id: string;
  /** `null`: of the whole rack. */
  readonly app: string | null;
  readonly remote: string;
  readonly server: string;
  /** Commits by branch and tag; `null` before the first look. */
  readonly known_refs: Readonly<Record<string, string>> | null;
  readonly next_poll_at: Date;
  readonly polled_at: Date | null;
  readonly failures: number;
  readonly last_error: string;
  readonly owner: string;
  readonly lease_expires_at: Date | null;
  readonly created_at: Date;
}

/** A row of `silent_git_servers`. */
export interface SilentGitServerRow {
  readonly server: string;
  readonly failures: number;
  readonly not_before: Date;
}

/** A row of `git_host_keys`. */
export interface GitHostKeyRow {
  readonly host: string;
  readonly key: string;
  readonly created_at: Date;
}

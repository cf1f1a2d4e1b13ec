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

/** A row of `git_host_keys`. */
export interface GitHostKeyRow {
  readonly host: string;
  readonly key: string;
  readonly created_at: Date;
}

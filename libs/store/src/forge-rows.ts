/** A row of `forges`. */
export interface ForgeRow {
  readonly host: string;
  readonly kind: 'github' | 'gitlab' | 'bitbucket' | 'gitea';
  readonly api_url: string;
  readonly sealed_token: string;
  /** Nothing is told before. */
  readonly quiet_until: Date;
  readonly created_at: Date;
}

/** A row of `build_origins`. */
export interface BuildOriginRow {
  readonly build_id: string;
  readonly kind: ForgeRow['kind'] | 'generic';
  readonly host: string;
  readonly repository: string;
  readonly commit: string;
  readonly pull_request: number | null;
  readonly workflow_id: string | null;
  readonly created_at: Date;
}

/** A row of `feedback`. */
export interface FeedbackRow {
  readonly id: string;
  readonly build_id: string;
  readonly host: string;
  readonly what: 'status' | 'comment' | 'promotion';
  readonly subject: string;
  readonly state: 'pending' | 'told' | 'failed' | 'superseded';
  readonly revision: number;
  readonly tries: number;
  readonly owner: string;
  readonly lease_expires_at: Date | null;
  readonly not_before: Date;
  readonly reason: string;
  readonly ordinal: string;
}

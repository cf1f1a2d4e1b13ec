/** What is sent to a forge. */
export interface ForgeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; `''` for none. */
  readonly body: string;
}

/** What a forge answers. */
export interface ForgeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** Sends a request; follows no redirect, for the token is in it. Rejects when no answer came. */
export type SendToForge = (request: ForgeRequest) => Promise<ForgeAnswer>;

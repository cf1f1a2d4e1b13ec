/** What a registry wants before it answers (RFC 9110, section 11.6.1; distribution's token specification). */
export interface Challenge {
  /** Lower case: `basic` or `bearer`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads a `WWW-Authenticate` header with one challenge. */
export function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/.exec(header) ?? [];
  const parameters = new Map<string, string>();
  for (const [, key = '', quoted, bare] of rest.matchAll(/([a-z_]+)=(?:"([^"]*)"|([^\s,]+))/gi)) {
    parameters.set(key.toLowerCase(), quoted ?? bare ?? '');
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

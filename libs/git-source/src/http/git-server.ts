import type { GitSource } from '@convox-builds/domain';

import type { GitAccess } from '../open-transport.js';
import type { ResolveOptions } from '../resolve-host.js';

/** A server as it was reached: at which address, and how it lets us in. */
export interface GitServer {
  readonly source: GitSource;
  readonly address: string;
  readonly access: GitAccess;
  /** Decides which other addresses it may send us to. */
  readonly resolve: ResolveOptions;
  /** Certificates of the authorities that are believed (PEM). */
  readonly ca: string | undefined;
}

/** The header that lets us in (RFC 7617); none without a login. */
export function authorise({ login }: GitAccess): Readonly<Record<string, string>> {
  if (login === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` };
}

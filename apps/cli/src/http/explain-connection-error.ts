import { UnreachableError } from './rack-error.js';

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; is it running?',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ENOTFOUND: 'no host of this name is known',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer in time; is the address right?',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  EPROTO: 'it does not speak TLS here; is it http rather than https?',
};

const UNTRUSTED =
  'its certificate is not trusted; name its authority in NODE_EXTRA_CA_CERTS, or set CONVOX_TLS_UNVERIFIED=true';

function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...own, ...inner];
}

function reasonOf(error: unknown): string {
  for (const code of codesOf(error)) {
    const known = REASONS[code];
    if (known !== undefined) return known;
    if (code.startsWith('HPE_')) return 'what answers there is not HTTP; is it https rather than http?';
    if (/CERT|SIGNATURE|ERR_TLS/.test(code)) return `${UNTRUSTED} (${code})`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Says in one line why a rack could not be talked to, and what to look at. */
export function explainConnectionError(baseUrl: string, error: unknown): UnreachableError {
  if (error instanceof UnreachableError) return error;
  return new UnreachableError(`cannot reach rack at ${baseUrl}: ${reasonOf(error)}`, { cause: error });
}

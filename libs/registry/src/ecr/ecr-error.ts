/**
 * - `refused`: our access key or role is not known, is wrong, or may not do this; the same again ends the same
 * - `unavailable`: ECR limits us, is out of order or cannot be reached; later it may work
 */
export type EcrErrorCode = 'refused' | 'unavailable';

/** ECR did not do what was asked. The message is one line and holds nothing of the access key. */
export class EcrError extends Error {
  override readonly name = 'EcrError';
  readonly code: EcrErrorCode;

  constructor(code: EcrErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const WRONG_KEY = new Set([
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'IncompleteSignature',
  'ExpiredTokenException',
]);

/** Of the SDK itself: nobody has told the process who it is, or it cannot become that. */
const NO_IDENTITY = new Set(['CredentialsProviderError', 'AccessDenied', 'InvalidIdentityToken']);

const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']);

/** What was asked of ECR. */
export interface EcrAction {
  /** E.g. `get a password for registry "…"`. */
  readonly action: string;
  /** E.g. `ecr:GetAuthorizationToken`. */
  readonly permission: string;
}

/**
 * Says in our words what ECR answered (Amazon ECR API Reference, "Common Error Types"). The answer of AWS is not quoted and
 * not kept as cause: it names the access key and holds the signed request.
 */
export function explainEcrError({ action, permission }: EcrAction, error: unknown): EcrError {
  const name = error instanceof Error ? error.name : 'something unknown';
  const refused = (why: string) => new EcrError('refused', `Cannot ${action}: ${why}`);
  const unavailable = (why: string) => new EcrError('unavailable', `Cannot ${action}: ${why}, try again later`);
  if (name === 'AccessDeniedException')
    return refused(`the access key or role lacks the permission ${permission}, allow it`);
  if (WRONG_KEY.has(name)) return refused(`AWS does not take the access key (${name}), give the rack another one`);
  if (NO_IDENTITY.has(name))
    return refused(`the rack has no identity at AWS (${name}), give it a role or an access key`);
  if (THROTTLED.has(name)) return unavailable("AWS limits the rack's requests and kept doing so");
  return unavailable(`ECR cannot be asked now (${name})`);
}

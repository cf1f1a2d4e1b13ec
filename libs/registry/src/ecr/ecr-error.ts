/**
 * - `refused`: the access key is not known, is wrong, or may not do this; the same again ends the same
 * - `unavailable`: ECR limits us, is out of order or cannot be reached; later it may work
 */
export type EcrErrorCode = 'refused' | 'unavailable';

/** ECR gave no password. The message is one line and holds nothing of the access key. */
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

const THROTTLED = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']);

/**
 * Says in our words what ECR answered (Amazon ECR API Reference, "Common Error Types"). The answer of AWS is not quoted and
 * not kept as cause: it names the access key and holds the signed request.
 */
export function explainEcrError(host: string, error: unknown): EcrError {
  const name = error instanceof Error ? error.name : 'something unknown';
  const action = `Cannot get a password for registry "${host}"`;
  if (name === 'AccessDeniedException') {
    return new EcrError(
      'refused',
      `${action}: its access key lacks the permission ecr:GetAuthorizationToken, allow it`,
    );
  }
  if (WRONG_KEY.has(name)) {
    return new EcrError('refused', `${action}: AWS does not take its access key (${name}), add the registry again`);
  }
  if (THROTTLED.has(name)) {
    return new EcrError('unavailable', `${action}: AWS limits the rack's requests and kept doing so, try again later`);
  }
  return new EcrError('unavailable', `${action}: ECR cannot be asked now (${name}), try again later`);
}

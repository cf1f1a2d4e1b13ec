import { S3ServiceException } from '@aws-sdk/client-s3';

import { ObjectStorageError } from '../object-storage-error.js';

const MAX_REASON_LENGTH = 300;
/** Codes of answers below 500 that mean: another time. */
const PASSING_NAMES = new Set([
  'SlowDown',
  'RequestTimeout',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** The code that S3 answered with, such as `NoSuchKey`. */
export function s3Code(error: unknown): string | undefined {
  return error instanceof S3ServiceException ? error.name : undefined;
}

/** Tells what may go well another time: nobody answered, or S3 said that it cannot now. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ObjectStorageError) return error.code === 'unreachable';
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  if (status !== undefined && status >= 400) return status >= 500 || status === 429 || PASSING_NAMES.has(error.name);
  // Of the wire or the SDK's parser: an answer that is cut in two is no XML.
  return !/credential/i.test(error.name);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it fails';
  const { message } = error;
  const reason = message === '' && 'code' in error ? String(error.code) : message;
  const [line = ''] = reason.split('\n');
  return line.slice(0, MAX_REASON_LENGTH);
}

/**
 * Tells a failure of S3 in our words, for the one who runs the rack. What the SDK keeps in its errors of requests, their
 * signatures and who we are, is left behind.
 *
 * @param action for example `store object "web/x"`
 */
export function explainS3Error(action: string, error: unknown): Error {
  if (error instanceof ObjectStorageError || error instanceof RangeError) return error;
  const status = statusOf(error);
  const reason = reasonOf(error);
  if (status === undefined || status < 400) {
    const isAway = isPassing(error);
    return new ObjectStorageError(
      isAway ? 'unreachable' : 'refused',
      isAway
        ? `Cannot ${action}: S3 does not answer (${reason})`
        : `Cannot ${action}: no credentials for S3 (${reason})`,
    );
  }
  const code = isPassing(error) ? 'unreachable' : 'refused';
  return new ObjectStorageError(code, `Cannot ${action}: S3 answers ${status} ${s3Code(error)}: ${reason}`);
}

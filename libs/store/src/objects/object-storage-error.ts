/** Why an object storage did not do what it was asked. */
export type ObjectStorageErrorCode =
  /** It did not answer for as long as we wait, or said that it cannot now. */
  | 'unreachable'
  /** It said no: who runs the rack has to change something. */
  | 'refused'
  /** An object is not what was stored, or is replaced while it is read. */
  | 'changed'
  /** An upload is not known: it was finished, given up, or never begun. */
  | 'no-upload'
  /** What was uploaded is not what was announced. */
  | 'not-as-announced';

/** An object storage's failure, in our words: nothing of a request's headers is in it. */
export class ObjectStorageError extends Error {
  override readonly name = 'ObjectStorageError';
  readonly code: ObjectStorageErrorCode;

  constructor(code: ObjectStorageErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The rack's object storage did not take a part. The message names its host; the rest of the address is a secret. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  /** Of its answer; `undefined` when there was none. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

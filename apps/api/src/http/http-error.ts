const MAX_NAME_LENGTH = 200;

/** An answer that is an error: a status and one line for the person who asked. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Something that was named is not there, e.g. `app not found: web`. */
export function notFound(what: string, name: string): HttpError {
  return new HttpError(404, `${what} not found: ${name.slice(0, MAX_NAME_LENGTH)}`);
}

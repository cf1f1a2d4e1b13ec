/** The rack answered, with an error. The message is the rack's own, in one line. */
export class RackError extends Error {
  override readonly name = 'RackError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The rack could not be reached, or the connection broke before it had answered. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

function errorField(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && 'error' in value && typeof value.error === 'string') {
      return value.error;
    }
  } catch {
    // Not JSON: the text itself is the message.
  }
  return undefined;
}

/** Makes the error of an answer: `error` of a JSON body, else the text, else `response status NNN`. */
export function rackErrorFromBody(status: number, { body, origin }: { body: string; origin: string }): RackError {
  const text = (errorField(body) ?? body).trim().replace(/\s*\n\s*/g, ' ');
  if (status === 401 && /^(?:invalid authentication)?$/.test(text)) {
    return new RackError(status, `invalid authentication: the rack refuses the password of ${origin}`);
  }
  if (text === '' && status === 404) {
    return new RackError(status, `response status 404: the rack does not know this request (is ${origin} right?)`);
  }
  return new RackError(status, text === '' ? `response status ${status}` : text.slice(0, 2000));
}

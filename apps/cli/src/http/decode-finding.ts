import { decodeObject, type JsonObject, textField } from './decode.js';

/** What the doctor of a rack found out. */
export interface RackFinding {
  readonly json: JsonObject;
  /** `rack`, or the name of a worker. */
  readonly on: string;
  readonly check: string;
  /** `ok`, `warning` or `failed`. */
  readonly status: string;
  readonly message: string;
}

export function decodeFinding(value: unknown): RackFinding {
  const json = decodeObject(value);
  return {
    json,
    on: textField(json, 'on'),
    check: textField(json, 'check'),
    status: textField(json, 'status'),
    message: textField(json, 'message'),
  };
}

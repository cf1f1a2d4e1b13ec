import { decodeObject, textField } from './decode.js';

/** How a build stands in the queue. */
export interface QueuePlace {
  readonly position: number;
  /** Seconds. */
  readonly expected: number | undefined;
  readonly why: string;
}

/** Reads the place of a build in the queue; `undefined` when it has none. */
export function decodeQueuePlace(value: unknown): QueuePlace | undefined {
  if (value === undefined || value === null) return undefined;
  const json = decodeObject(value);
  const { position, expected } = json;
  return {
    position: Number(position),
    expected: typeof expected === 'number' ? expected : undefined,
    why: textField(json, 'why'),
  };
}

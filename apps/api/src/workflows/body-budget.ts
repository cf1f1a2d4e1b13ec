import { HttpError } from '../http/http-error.js';

/** How much memory bodies of strangers may take at once, however many of them come. */
export interface BodyBudget {
  /**
   * Does something with room for so many bytes.
   *
   * @throws {HttpError} 503 when there is none
   */
  readonly within: <Result>(bytes: number, run: () => Promise<Result>) => Promise<Result>;
}

/** Makes a budget. */
export function createBodyBudget({ maxBytes }: { maxBytes: number }): BodyBudget {
  let used = 0;
  return {
    within: async (bytes, run) => {
      if (used + bytes > maxBytes) {
        throw new HttpError(503, 'the rack takes too many large webhooks at once, send it again in a moment');
      }
      used += bytes;
      try {
        return await run();
      } finally {
        used -= bytes;
      }
    },
  };
}

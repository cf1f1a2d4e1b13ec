import type { ServerResponse } from 'node:http';

/** The answers over plain HTTP that a log is streamed to now. */
export interface LogAnswers {
  /** Runs what streams a log to an answer; the signal is aborted when the client has gone, or has got everything. */
  readonly serve: (response: ServerResponse, stream: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  /** Breaks all of them off, and resolves when nothing is read for them any more. */
  readonly close: () => Promise<void>;
}

/** Keeps track of the logs that are streamed. */
export function createLogAnswers(): LogAnswers {
  const running = new Map<ServerResponse, Promise<void>>();
  return {
    serve: async (response, stream) => {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const streamed = stream(gone.signal);
      running.set(response, streamed);
      await streamed.finally(() => running.delete(response));
    },
    close: async () => {
      for (const response of running.keys()) response.destroy();
      await Promise.allSettled(running.values());
    },
  };
}

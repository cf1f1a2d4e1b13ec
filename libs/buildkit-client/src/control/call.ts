import type { ClientReadableStream, ClientUnaryCall, ServiceError } from '@grpc/grpc-js';

import { buildkitErrorFrom } from '../errors/buildkit-error.js';

type Callback<T> = (error: ServiceError | null, response: T) => void;

/**
 * Makes a unary call a promise that an abort signal cancels.
 *
 * @throws {ServiceError} as grpc-js gives it, with its metadata
 */
export async function callUnaryRaw<T>(
  start: (callback: Callback<T>) => ClientUnaryCall,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  let abort: (() => void) | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const call = start((error, response) => (error === null ? resolve(response) : reject(error)));
      abort = () => call.cancel();
      signal?.addEventListener('abort', abort, { once: true });
    });
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
  }
}

/**
 * Makes a unary call a promise that an abort signal cancels.
 *
 * @throws {BuildkitError}
 */
export async function callUnary<T>(
  start: (callback: Callback<T>) => ClientUnaryCall,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await callUnaryRaw(start, signal);
  } catch (error) {
    throw buildkitErrorFrom(error);
  }
}

/**
 * Reads a server stream until it ends, the reader leaves, or the signal is aborted.
 *
 * @throws {BuildkitError}
 */
export async function* readStream<T>(call: ClientReadableStream<T>, signal?: AbortSignal): AsyncGenerator<T> {
  const abort = () => call.cancel();
  // What a cancelled stream still has to say is of no interest, and unheard it would end the process.
  call.on('error', () => {});
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) abort();
    for await (const message of call) yield message as T;
  } catch (error) {
    throw buildkitErrorFrom(error);
  } finally {
    signal?.removeEventListener('abort', abort);
    call.cancel();
  }
}

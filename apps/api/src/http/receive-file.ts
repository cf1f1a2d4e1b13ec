import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { callbackify } from 'node:util';

import multer from '@koa/multer';

import type { ApiContext } from '../api-context.js';
import { HttpError } from './http-error.js';

/** One file, and next to it a few fields that nobody reads. */
const LIMITS = { files: 1, fields: 10, parts: 12, fieldSize: 4096, headerPairs: 20 };

/** Where a file goes, while it comes in. */
export interface FileTarget {
  readonly store: (content: Readable) => Promise<unknown>;
  /** Removes what was stored: the form turned out to be broken behind the file. */
  readonly remove: () => Promise<void>;
}

type IncomingFile = multer.File & { readonly stream: Readable };

function createStorage({ store, remove }: FileTarget, onStored: () => void): multer.StorageEngine {
  return {
    _handleFile(_request: IncomingMessage, { stream }: IncomingFile, done: (error: Error | null) => void) {
      store(stream).then(() => {
        onStored();
        done(null);
      }, done);
    },
    _removeFile(_request: IncomingMessage, _file: multer.File, done: (error: Error) => void) {
      callbackify(remove)(done);
    },
  };
}

/**
 * Takes the one file of a multipart form (RFC 7578), as pages send it, and streams it to its target.
 *
 * @throws {HttpError} 400 when the form is broken or has no file
 */
export async function receiveFile(ctx: ApiContext, target: FileTarget): Promise<void> {
  let isStored = false;
  let failure: { error: unknown } | undefined;
  const store = (content: Readable) =>
    target.store(content).catch((error: unknown) => {
      failure = { error };
      throw error;
    });
  const storage = createStorage({ ...target, store }, () => {
    isStored = true;
  });
  try {
    await multer({ storage, limits: LIMITS }).any()(ctx, async () => {});
  } catch (error) {
    if (failure !== undefined) throw failure.error;
    const message = error instanceof Error ? error.message : String(error);
    throw new HttpError(400, `the form cannot be read: ${message}`, { cause: error });
  }
  if (!isStored) throw new HttpError(400, 'the form has no file');
}

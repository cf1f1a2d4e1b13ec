import type { Readable } from 'node:stream';

import type { DirectUploads } from './direct-uploads.js';
import type { StoredObject } from './stored-object.js';

/** Where files are kept: in a folder of a disk, or in a bucket of S3. Keys are paths such as `app/tmp/abc.tgz`. */
export interface ObjectStorage {
  /**
   * Stores a stream under a key, whole or not at all; an object of that key is replaced.
   *
   * @throws {RangeError} when there are more than `maxBytes`
   */
  put(key: string, content: Readable, options?: PutOptions): Promise<StoredObject>;
  /**
   * Opens an object; `undefined` when there is none. The caller reads or destroys `content`, which fails, at the latest at
   * its end, when it is not what was stored: nobody may rely on it before.
   */
  get(key: string): Promise<{ size: number; content: Readable } | undefined>;
  /** Tells an object's size in bytes; `undefined` when there is none. */
  find(key: string): Promise<{ size: number } | undefined>;
  /** Lists the keys under a prefix, in the order of their bytes, at most `limit` of them. The prefix may end inside a name. */
  list(prefix: string, options: { limit: number }): Promise<string[]>;
  /** Deletes an object; `false` when there was none. */
  delete(key: string, options?: { signal?: AbortSignal }): Promise<boolean>;
  /** Deletes every object under a prefix that ends with `/`. */
  deleteAll(prefix: string): Promise<void>;
  /** Lets clients send contents here without us in between; `undefined` where that cannot be. */
  readonly uploads?: DirectUploads;
}

/** Bounds of a put. */
export interface PutOptions {
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
}

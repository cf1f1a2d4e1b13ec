import type { StoredObject } from './stored-object.js';

/** An upload that goes on: what the storage calls it, and the key that it is for, which it cannot be used without. */
export interface DirectUpload {
  readonly key: string;
  readonly id: string;
}

/** A part, as it is announced. */
export interface AnnouncedPart {
  /** From 1. */
  readonly number: number;
  readonly bytes: number;
  /** SHA-256 of the part, in hex. */
  readonly sha256: string;
}

/** A request that stores one part, once or several times; no other content, and nowhere else. */
export interface SignedPart {
  /** To be sent with `PUT`. */
  readonly url: string;
  /** Headers that have to be sent with it, exactly so. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/**
 * Objects that clients send straight to the storage, in parts. Nothing is there under the key until the upload is
 * complete, and then the upload is over: what was signed for it can change nothing any more. What clients send ends with
 * the trailer of its digest, as what we send does.
 */
export interface DirectUploads {
  /** Bytes of every part but the last. */
  readonly partBytes: number;
  /** How many parts there may be. */
  readonly maxParts: number;
  /** Begins an upload. */
  start(key: string): Promise<DirectUpload>;
  /** Signs the request for a part. Whether the upload is one, S3 finds out. */
  signPart(upload: DirectUpload, part: AnnouncedPart): Promise<SignedPart>;
  /**
   * Makes the object of the parts. To do it again changes nothing.
   *
   * @throws {ObjectStorageError} `no-upload`, or `not-as-announced`, and then there is no object
   */
  complete(upload: DirectUpload, announced: StoredObject): Promise<void>;
  /** Gives an upload up, if there is one. */
  abort(upload: DirectUpload): Promise<void>;
}

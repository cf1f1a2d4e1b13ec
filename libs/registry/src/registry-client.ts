import type { Readable } from 'node:stream';

import type { ImageReference } from '@convox-builds/domain';

import type { Descriptor } from './descriptor.js';

/** A repository of a registry. */
export interface Repository {
  readonly registry: string;
  readonly repository: string;
}

/** A manifest as a registry gave it, checked against its digest. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
  /** Where it was read: a mirror, or its own repository. */
  readonly place?: Repository;
}

/** What came out of a stream. */
export interface StreamedBlob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** What can be read only once. */
export interface ByteStream {
  readonly content: AsyncIterable<Buffer>;
  /** Bytes that the content has. */
  readonly size: number;
}

/** Options of calls that may take long. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Reads from and writes to registries (OCI Distribution specification). Every method throws {@link RegistryError}. */
export interface RegistryClient {
  /** Gets a manifest or an index, from a mirror where there is one. */
  getManifest(reference: ImageReference, options?: CallOptions): Promise<FetchedManifest>;
  /** Opens a blob. The stream fails at its end when the content is not what the descriptor says. */
  getBlob(repository: Repository, descriptor: Descriptor, options?: CallOptions): Promise<Readable>;
  /** Tells whether a blob is there. */
  hasBlob(repository: Repository, digest: string, options?: CallOptions): Promise<boolean>;
  /**
   * Uploads a blob unless it is there already. `open` is called when its content is needed, again for each try.
   *
   * @param options.mountFrom a repository of the same registry that may have it: it is then not sent
   */
  putBlob(
    repository: Repository,
    descriptor: Descriptor,
    open: () => Promise<Readable>,
    options?: CallOptions & { mountFrom?: string | undefined },
  ): Promise<void>;
  /**
   * Uploads what can be read only once and whose digest is known only at its end. A content that fails, and one that
   * `accept` throws for, is not stored; the call fails with the same error.
   */
  putStream(
    repository: Repository,
    stream: ByteStream,
    options?: CallOptions & { accept?: (blob: StreamedBlob) => void },
  ): Promise<StreamedBlob>;
  /** Tells whether a manifest is there. */
  hasManifest(repository: Repository, digest: string, options?: CallOptions): Promise<boolean>;
  /** Deletes a manifest with all its tags; one that is not there is none to delete. */
  deleteManifest(repository: Repository, digest: string, options?: CallOptions): Promise<void>;
  /** Stores a manifest under its digest, or under a tag. */
  putManifest(
    repository: Repository,
    manifest: FetchedManifest,
    options?: CallOptions & { tag?: string },
  ): Promise<void>;
  /**
   * Gives an image that is there one more name; that it has it already is no failure. With its manifest, when it is known: then
   * it is not asked for again.
   */
  tag(
    image: Repository & { digest: string },
    tag: string,
    options?: CallOptions & { manifest?: FetchedManifest | undefined },
  ): Promise<void>;
}

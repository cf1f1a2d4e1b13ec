import type { Readable } from 'node:stream';

import type { Descriptor } from './descriptor.js';
import { createStreamPusher } from './push-stream.js';
import type { CallOptions, RegistryClient, Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import type { RegistryRequest, RequestSender } from './send-request.js';
import { closedWith, placeOf } from './upload-place.js';

/** A blob to upload, whether it is there already or not. */
export interface BlobUpload extends CallOptions {
  /** A repository of the same registry that has it: then it is mounted from there, where that works, and not sent. */
  readonly mountFrom?: string | undefined;
  readonly descriptor: Descriptor;
  /** Opens its content, again for each try. */
  readonly open: () => Promise<Readable>;
}

/** The part of a client that writes. */
export interface Pusher extends Pick<RegistryClient, 'putManifest' | 'deleteManifest' | 'putStream'> {
  uploadBlob(repository: Repository, upload: BlobUpload): Promise<void>;
}

/** Makes the part of a client that writes. */
export function createPusher(sender: RequestSender): Pusher {
  const push = ({ registry, repository }: Repository, path: string, options: Partial<RegistryRequest>) =>
    sender.send({
      method: 'PUT',
      host: registry,
      path,
      scope: { repository, actions: ['pull', 'push'] },
      ...options,
    });

  /** A registry that may not mount, or does not want to, starts an upload instead (OCI distribution spec, "Mounting a blob"). */
  async function startUpload(repository: Repository, { descriptor, mountFrom, signal }: BlobUpload) {
    const uploads = `/v2/${repository.repository}/blobs/uploads/`;
    const start = async () => ({
      readsFrom: undefined,
      started: await push(repository, uploads, { method: 'POST', signal }),
    });
    if (mountFrom === undefined) return start();
    const query = new URLSearchParams({ mount: descriptor.digest, from: mountFrom });
    const mount = { method: 'POST', readsFrom: mountFrom, signal } as const;
    try {
      return { readsFrom: mountFrom, started: await push(repository, `${uploads}?${query.toString()}`, mount) };
    } catch (error) {
      if (error instanceof RegistryError && error.code === 'denied') return start();
      throw error;
    }
  }

  return {
    putStream: createStreamPusher(push),
    deleteManifest: async (repository, digest, { signal } = {}) => {
      await push(repository, `/v2/${repository.repository}/manifests/${digest}`, {
        method: 'DELETE',
        scope: { repository: repository.repository, actions: ['delete'] },
        accept: [404],
        signal,
      });
    },
    uploadBlob: async (repository, upload) => {
      const { descriptor, open, signal } = upload;
      const { started, readsFrom } = await startUpload(repository, upload);
      if (started.status === 201) return;
      await push(repository, closedWith(placeOf(repository, started), descriptor.digest), {
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(descriptor.size) },
        openBody: open,
        // The authorisation for both is there already: without one the body would be sent in vain.
        readsFrom,
        signal,
      });
    },
    putManifest: async (repository, { descriptor, bytes }, { signal, tag } = {}) => {
      await push(repository, `/v2/${repository.repository}/manifests/${tag ?? descriptor.digest}`, {
        headers: { 'content-type': descriptor.mediaType },
        body: bytes,
        signal,
      });
    },
  };
}

import type { Readable } from 'node:stream';

import type { Descriptor } from './descriptor.js';
import type { CallOptions, RegistryClient, Repository } from './registry-client.js';
import { RegistryError } from './registry-error.js';
import type { RegistryRequest, RequestSender } from './send-request.js';

/** A blob to upload, whether it is there already or not. */
export interface BlobUpload extends CallOptions {
  readonly descriptor: Descriptor;
  /** Opens its content, again for each try. */
  readonly open: () => Promise<Readable>;
}

/** The part of a client that writes. */
export interface Pusher extends Pick<RegistryClient, 'putManifest'> {
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

  return {
    uploadBlob: async (repository, { descriptor, open, signal }) => {
      const uploads = `/v2/${repository.repository}/blobs/uploads/`;
      const started = await push(repository, uploads, { method: 'POST', signal });
      const location = started.headers.get('location');
      if (location === null)
        throw new RegistryError('invalid', `Cannot upload to "${repository.registry}": it names no place`);
      const separator = location.includes('?') ? '&' : '?';
      await push(repository, `${location}${separator}digest=${encodeURIComponent(descriptor.digest)}`, {
        headers: { 'content-type': 'application/octet-stream', 'content-length': String(descriptor.size) },
        openBody: open,
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

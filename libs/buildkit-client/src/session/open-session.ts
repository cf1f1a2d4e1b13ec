import { randomBytes } from 'node:crypto';

import { Metadata } from '@grpc/grpc-js';

import { type BuildkitClient, servicesOf } from '../control/buildkit-client.js';
import { CHECK_POLICY } from '../services/pin-images.js';
import type { Attachable } from './attachable.js';
import { health } from './health.js';
import { serveSession } from './session-server.js';
import { createSessionStream } from './session-stream.js';

/** What a session is opened with. */
export interface SessionOptions {
  /**
   * Names the source of what is synced: sessions of equal keys share snapshots, so that only changes are sent. Make it
   * different, and unguessable, for everyone who may not see the other's files.
   */
  readonly sharedKey: string;
  /** The services that buildkitd may call. */
  readonly attachables: readonly Attachable[];
  /** Closes the session when aborted. */
  readonly signal?: AbortSignal;
}

/** The channel on which buildkitd asks us for files, credentials and secrets. It serves any number of solves. */
export interface Session {
  readonly id: string;
  /** Whether it decides on what its solves read, see {@link pinImages}. */
  readonly decidesOnSources: boolean;
  /** Resolves when the session is over, for whatever reason. */
  readonly closed: Promise<void>;
  /** Ends the session. A solve that needs it fails; steps that do not need it go on, so cancel the solve first. */
  readonly close: () => Promise<void>;
}

function sessionMetadata(id: string, sharedKey: string, attachables: readonly Attachable[]): Metadata {
  const metadata = new Metadata();
  metadata.set('x-docker-expose-session-uuid', id);
  metadata.set('x-docker-expose-session-sharedkey', sharedKey);
  for (const { methods } of attachables) {
    for (const path of Object.keys(methods)) metadata.add('x-docker-expose-session-grpc-method', path);
  }
  return metadata;
}

/**
 * Opens a session with buildkitd (moby/buildkit `session/session.go`): a stream of `Control.Session` on which the daemon
 * is the gRPC client and we are the server. Health checks are answered without being asked for.
 */
export function openSession(client: BuildkitClient, options: SessionOptions): Session {
  const { sharedKey, signal } = options;
  const attachables = [...options.attachables, health()];
  const id = randomBytes(16).toString('hex');
  const channel = createSessionStream(servicesOf(client).control.session(sessionMetadata(id, sharedKey, attachables)));
  const closed = new Promise<void>((resolve) => channel.once('close', resolve));
  // How it ended is told by `closed`; an error here would end the process.
  channel.on('error', () => {});
  const server = serveSession(channel, attachables);
  async function close(): Promise<void> {
    server.destroy();
    channel.destroy();
    await closed;
  }
  const abort = () => void close();
  signal?.addEventListener('abort', abort, { once: true });
  void closed.then(() => signal?.removeEventListener('abort', abort));
  if (signal?.aborted) abort();
  const decidesOnSources = attachables.some(({ methods }) => CHECK_POLICY in methods);
  return { id, decidesOnSources, closed, close };
}

/**
 * Why a build failed, as a class:
 *
 * - `user`: the source, its Dockerfile or its convox.yml; the person has to change something
 * - `limits`: out of memory, log or size limits
 * - `timeout`: it ran longer than it may
 * - `platform`: the rack's own parts (daemon, registry, disk); only these may be tried again
 * - `credentials`: a registry or a git server refused us
 * - `lost-worker`: the worker that ran it died or was cut off
 */
export type FailureClass = 'user' | 'limits' | 'timeout' | 'platform' | 'credentials' | 'lost-worker';

/** A failure whose message is meant for the person who started the build: one line, what was wrong, where, what to do. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';
  readonly failureClass: FailureClass;

  constructor(failureClass: FailureClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failureClass = failureClass;
  }
}

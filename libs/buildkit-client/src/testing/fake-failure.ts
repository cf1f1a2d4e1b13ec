import { createHash } from 'node:crypto';

import { Metadata, type ServiceError, status } from '@grpc/grpc-js';

import { Status } from '../generated/google/rpc/status.js';

/** A detail of a failure, e.g. `gatewayapi.ExitMessage+json` with `{ Code: 7 }`. */
export interface FakeDetail {
  readonly type: string;
  readonly value: object;
}

/** Makes a solve of the fake fail as the daemon would (moby/buildkit `solver/errdefs`). */
export class FakeFailure extends Error {
  readonly code: status;
  /** `google.rpc.Status`: what is in `grpc-status-details-bin`, and in the history. */
  readonly status: Buffer;
  readonly digest: string;
  /** The call itself never answers: what Node makes of a status that is too long for its HTTP/2. */
  readonly isSilent: boolean;

  constructor(message: string, options: { code?: status; details?: readonly FakeDetail[]; isSilent?: boolean } = {}) {
    super(message);
    const { code = status.UNKNOWN, details = [], isSilent = false } = options;
    const encoded = Status.encode({
      code,
      message,
      details: details.map(({ type, value }) => ({
        typeUrl: `github.com/moby/buildkit/${type}`,
        value: Buffer.from(JSON.stringify(value)),
      })),
    });
    this.code = code;
    this.status = Buffer.from(encoded.finish());
    this.digest = `sha256:${createHash('sha256').update(this.status).digest('hex')}`;
    this.isSilent = isSilent;
  }

  toServiceError(): Partial<ServiceError> {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', this.status);
    return { code: this.code, details: this.message, metadata };
  }
}

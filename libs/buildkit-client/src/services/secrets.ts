import { GetSecretRequest, GetSecretResponse } from '../generated/github.com/moby/buildkit/session/secrets/secrets.js';
import { type Attachable, SessionError } from '../session/attachable.js';
import { unary } from '../session/unary.js';

/**
 * Gives secrets to `RUN --mount=type=secret,id=…`, when a step asks for them (moby/buildkit `session/secrets`).
 *
 * @param source answers a secret, or `undefined` for one that there is not
 */
export function secrets(source: { get: (id: string) => Promise<string | Buffer | undefined> }): Attachable {
  const types = { request: GetSecretRequest, response: GetSecretResponse };
  return {
    methods: {
      '/moby.buildkit.secrets.v1.Secrets/GetSecret': unary(types, async ({ ID }) => {
        const secret = await source.get(ID);
        if (secret === undefined) throw new SessionError('not-found', `secret ${ID} not found`);
        return { data: Buffer.from(secret) };
      }),
    },
  };
}

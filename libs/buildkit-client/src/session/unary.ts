import { SessionError, type SessionMethod } from './attachable.js';

/** The encoding half of a generated message type. */
interface Encoder<T> {
  encode(message: T): { finish(): Uint8Array };
}

/** The decoding half of a generated message type. */
interface Decoder<T> {
  decode(bytes: Uint8Array): T;
}

/** Makes a session method that takes one message and answers one. */
export function unary<Request, Response>(
  { request, response }: { request: Decoder<Request>; response: Encoder<Response> },
  answer: (request: Request) => Promise<Response> | Response,
): SessionMethod {
  return async (call) => {
    for await (const message of call.messages) {
      return call.send(response.encode(await answer(request.decode(message))).finish());
    }
    throw new SessionError('invalid-argument', 'expected a message');
  };
}

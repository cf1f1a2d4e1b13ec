import { Writable } from 'node:stream';

/** A place for logs that nobody reads. */
export const forget = () => new Writable({ write: (_chunk, _encoding, done) => done() });

import { decodeObject, parseJson, textField, textFields } from './decode.js';
import { appPath } from './rack-client.js';
import type { RackConnection } from './rack-connection.js';
import { RackError } from './rack-error.js';

/** An upload that does not pass through the rack. */
export interface Upload {
  readonly id: string;
  /** Bytes of every part but the last. */
  readonly partBytes: number;
}

/** What is announced of a part, or of the whole. */
export interface Announced {
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** Where a part goes. */
export interface PartAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The calls about uploads that do not pass through the rack. */
export interface UploadCalls {
  /** `undefined` where the rack takes sources itself, as those of others do. */
  start(app: string): Promise<Upload | undefined>;
  signPart(app: string, id: string, part: Announced & { readonly number: number }): Promise<PartAddress>;
  /** Gives the `object://` address. */
  complete(app: string, id: string, content: Announced): Promise<string>;
  abort(app: string, id: string): Promise<void>;
}

const isUnknown = (error: unknown) => error instanceof RackError && [404, 405, 501].includes(error.status);

/** Makes the calls of {@link UploadCalls} over a connection. */
export function createUploadCalls({ call }: RackConnection): UploadCalls {
  const post = async (path: string, form: Readonly<Record<string, string>>) =>
    decodeObject(parseJson(await call({ method: 'POST', path, form })));
  return {
    start: async (app) => {
      try {
        const upload = await post(appPath(app, 'uploads'), {});
        return { id: textField(upload, 'id'), partBytes: Number(upload['part-bytes']) };
      } catch (error) {
        if (isUnknown(error)) return undefined;
        throw error;
      }
    },
    signPart: async (app, id, { number, bytes, sha256 }) => {
      const form = { part: String(number), bytes: String(bytes), sha256 };
      const address = await post(appPath(app, 'uploads', id, 'parts'), form);
      return { url: textField(address, 'url'), headers: textFields(address, 'headers') };
    },
    complete: async (app, id, { bytes, sha256 }) => {
      const path = appPath(app, 'uploads', id, 'complete');
      return textField(await post(path, { bytes: String(bytes), sha256 }), 'Url');
    },
    abort: async (app, id) => void (await call({ method: 'DELETE', path: appPath(app, 'uploads', id) })),
  };
}

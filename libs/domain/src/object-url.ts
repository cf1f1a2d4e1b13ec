/** An address in the rack's object storage, as the API writes it: `object://<app>/<key>`. */
export interface ObjectUrl {
  readonly app: string;
  readonly key: string;
}

/** Writes the address of an object. */
export function formatObjectUrl({ app, key }: ObjectUrl): string {
  return `object://${app}/${key}`;
}

/** Tells the addresses of objects from those of other sources. */
export const isObjectUrl = (text: string): boolean => text.startsWith('object://');

/**
 * Reads the address of an object.
 *
 * @throws {SyntaxError} when the text is not `object://<app>/<key>` or the key leaves its app's folder
 */
export function parseObjectUrl(text: string): ObjectUrl {
  const match = /^object:\/\/([^/]+)\/(.+)$/.exec(text);
  const [, app, key] = match ?? [];
  if (app === undefined || key === undefined || key.split('/').some((part) => part === '..' || part === '.')) {
    throw new SyntaxError(`Cannot read source "${text}": expected object://<app>/<key>`);
  }
  return { app, key };
}

/** Where a rack is and how to prove who we are. */
export interface RackAddress {
  /** `http://host:port/prefix`, without credentials and without a slash at the end: fit to be shown. */
  readonly baseUrl: string;
  /** Value of the `Authorization` header, or `undefined` when the address has no credentials. */
  readonly authorization: string | undefined;
  /** Where the address was found, for messages: `RACK_URL` or the path of a file. */
  readonly origin: string;
}

function userInfoOf(text: string): string | undefined {
  // As written, not as the URL class re-encodes it: racks compare the text.
  return /^https?:\/\/([^/?#]*)@/i.exec(text)?.[1];
}

/**
 * Reads a rack's URL, `http(s)://user:password@host[:port][/prefix]`.
 *
 * @throws {Error} naming the origin, and never the password, when it is no such URL
 */
export function parseRackAddress(text: string, origin: string): RackAddress {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error(`cannot read the rack's address in ${origin}: expected http(s)://convox:PASSWORD@host[:port]`);
  }
  const userInfo = userInfoOf(trimmed);
  return {
    baseUrl: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    authorization: userInfo === undefined ? undefined : `Basic ${Buffer.from(userInfo).toString('base64')}`,
    origin,
  };
}

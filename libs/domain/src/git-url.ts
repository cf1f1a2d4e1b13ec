import { isGitRef } from './git-ref.js';

/** How a git server is spoken to. */
export type GitProtocol = 'https' | 'http' | 'ssh';

/** Where a source is in git. */
export interface GitSource {
  readonly protocol: GitProtocol;
  /** In lower case; an IPv6 address is in brackets. */
  readonly host: string;
  readonly port: number;
  /** The address as git takes it; without what was before the `@`, but for the user of ssh, who is no secret. */
  readonly remote: string;
  /** A branch, a tag or a commit; `''` for what the server calls HEAD. */
  readonly ref: string;
  /** The folder of the repository that is built; `''` for all of it. */
  readonly subdir: string;
}

/** A user and a secret for a git server. */
export interface GitLogin {
  readonly username: string;
  readonly password: string;
}

const MAX_LENGTH = 4096;
const DEFAULT_PORTS: Readonly<Record<GitProtocol, number>> = { https: 443, http: 80, ssh: 22 };
const SCP_LIKE = /^([^@/:]+)@(\[[^\]]+\]|[^@/:]+):(?!\/\/)(.+)$/;
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])$`);
const USER = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar|zip)$/;

/** Whatever is told of a URL is told without what may be a secret in it. */
const withoutLogin = (text: string) => text.replace(/^([a-z+.-]*:\/\/)?[^/]*@/i, '$1').slice(0, 300);

function fail(text: string, why: string): SyntaxError {
  return new SyntaxError(`Cannot read git URL "${withoutLogin(text).replace(/[\p{Cc}\p{Z}]/gu, '?')}": ${why}`);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isPath(path: string): boolean {
  const decoded = decode(path);
  return decoded !== undefined && /[^/]/.test(decoded) && !/[\p{Cc}\\]/u.test(decoded) && !decoded.startsWith('-');
}

function parseSubdir(text: string): string | undefined {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const isOdd = text.startsWith('/') || /[\p{Cc}\\]/u.test(text) || parts.includes('..') || text.startsWith('-');
  return isOdd ? undefined : parts.join('/');
}

function parseFragment(text: string, fragment: string): Pick<GitSource, 'ref' | 'subdir'> {
  const colon = fragment.indexOf(':');
  const ref = colon < 0 ? fragment : fragment.slice(0, colon);
  const subdir = parseSubdir(colon < 0 ? '' : fragment.slice(colon + 1));
  if (ref !== '' && !isGitRef(ref)) throw fail(text, 'what is behind # cannot name a branch, a tag or a commit');
  if (subdir === undefined) throw fail(text, 'the folder behind #ref: has to be a path inside the repository');
  return { ref, subdir };
}

type Place = Omit<GitSource, 'ref' | 'subdir'>;

function parseScpLike(text: string, [user = '', host = '', path = '']: readonly string[]): Place {
  const name = host.toLowerCase();
  if (!USER.test(user) || !HOST.test(name) || !isPath(path)) throw fail(text, 'expected user@host:path.git');
  return { protocol: 'ssh', host: name, port: DEFAULT_PORTS.ssh, remote: `${user}@${name}:${path}` };
}

function parseHttp(text: string, url: URL, protocol: 'http' | 'https'): { place: Place; login: GitLogin | undefined } {
  const [username, password] = [decode(url.username), decode(url.password)];
  if (username === undefined || password === undefined || /\p{Cc}/u.test(username + password)) {
    throw fail(text, 'the user and the password before the @ cannot have control characters in them');
  }
  if (url.search !== '') throw fail(text, 'an address of a repository has no "?"');
  const port = url.port === '' ? DEFAULT_PORTS[protocol] : Number(url.port);
  const place = { protocol, host: url.hostname, port, remote: `${protocol}://${url.host}${url.pathname}` };
  return { place, login: username + password === '' ? undefined : { username, password } };
}

function parseSsh(text: string, url: URL): Place {
  const host = url.hostname.toLowerCase();
  if (url.password !== '') throw fail(text, 'ssh takes keys and no passwords: see "convox git-credentials add --help"');
  if (url.username !== '' && !USER.test(url.username)) throw fail(text, 'its user is no name of a user');
  if (url.search !== '') throw fail(text, 'an address of a repository has no "?"');
  const user = url.username === '' ? '' : `${url.username}@`;
  const port = url.port === '' ? DEFAULT_PORTS.ssh : Number(url.port);
  const shownPort = port === DEFAULT_PORTS.ssh ? '' : `:${port}`;
  return { protocol: 'ssh', host, port, remote: `ssh://${user}${host}${shownPort}${url.pathname}` };
}

function parsePlace(text: string, address: string): { place: Place; login: GitLogin | undefined } {
  const scpLike = SCP_LIKE.exec(address);
  if (scpLike !== null) return { place: parseScpLike(text, scpLike.slice(1)), login: undefined };
  const url = /^[a-z]+:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : undefined;
  const protocol = url?.protocol.slice(0, -1);
  if (url === undefined) {
    throw fail(text, 'expected https://host/path.git, ssh://user@host/path.git or user@host:path.git');
  }
  if (protocol === 'ssh') return { place: parseSsh(text, url), login: undefined };
  if (protocol === 'https' || protocol === 'http') return parseHttp(text, url, protocol);
  throw fail(text, 'only https, http and ssh are spoken');
}

/**
 * Reads `https://host/path.git[#ref[:subdir]]`, or the same with `http`, `ssh://user@host/…` or `user@host:path`. Whatever
 * could be taken for an option, for another transport of git (gitremote-helpers(7)), or for more than one line is refused.
 *
 * @returns the source, and the login that stood in its address: it is a secret, and the source is none
 * @throws {SyntaxError} the message has nothing in it of what stands before the `@`
 */
export function parseGitUrl(text: string): { readonly source: GitSource; readonly login: GitLogin | undefined } {
  if (text.length > MAX_LENGTH) throw fail(text, `it is longer than ${MAX_LENGTH} characters`);
  if (/[\p{Cc}\p{Z}\\]/u.test(text)) throw fail(text, 'spaces, control characters and backslashes are refused');
  const hash = text.indexOf('#');
  const address = hash < 0 ? text : text.slice(0, hash);
  const { place, login } = parsePlace(text, address);
  if (!HOST.test(place.host) || place.host.length > 253) throw fail(text, 'its host is no name of a host');
  if (place.port === 0) throw fail(text, 'nobody listens on port 0');
  const path = place.remote.replace(/^[a-z]+:\/\/[^/]*\/?|^[^:]*:/, '');
  if (!isPath(path)) throw fail(text, 'it names no repository');
  if (ARCHIVE.test(path)) throw fail(text, 'archives are not built from their address: give that of a repository');
  return { source: { ...place, ...parseFragment(text, hash < 0 ? '' : text.slice(hash + 1)) }, login };
}

/** Writes the address of a source, as {@link parseGitUrl} reads it; there is no secret in it. */
export function formatGitUrl({ remote, ref, subdir }: Pick<GitSource, 'remote' | 'ref' | 'subdir'>): string {
  const fragment = subdir === '' ? ref : `${ref}:${subdir}`;
  return fragment === '' ? remote : `${remote}#${fragment}`;
}

/** Tells whether a text is a host, with a port or without. */
export function isGitServerName(text: string): boolean {
  const [, host = '', port = '1'] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return HOST.test(host) && host.length <= 253 && Number(port) > 0 && Number(port) < 65_536;
}

/** Names the server of a source as people do: its host, and the port unless it is the usual one. */
export function gitServerName({ protocol, host, port }: Pick<GitSource, 'protocol' | 'host' | 'port'>): string {
  return port === DEFAULT_PORTS[protocol] ? host : `${host}:${port}`;
}

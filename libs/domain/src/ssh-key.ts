import { createHash } from 'node:crypto';

const TYPES = /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com)$/;
const BASE64 = /^[A-Za-z0-9+/]{16,8192}={0,2}$/;
const PRIVATE_KEY = /^-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----$/;
const MAGIC = 'openssh-key-v1\0';

/** Reads the strings of RFC 4251, section 5, one after the other. */
function createStringReader(bytes: Buffer, start: number): () => Buffer {
  let at = start;
  return () => {
    const end = at + 4 + (at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY);
    if (end > bytes.length) throw new SyntaxError('it is damaged');
    const value = bytes.subarray(at + 4, end);
    at = end;
    return value;
  };
}

/**
 * Tells the fingerprint of a public key as `ssh-keygen -l` does: `SHA256:…`.
 *
 * @param key `ssh-ed25519 AAAA…`
 */
export function sshFingerprint(key: string): string {
  const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

function findKey(line: string): string {
  const words = line.split(/\s+/);
  const at = words.findIndex((word) => TYPES.test(word));
  const [type = '', blob = ''] = at < 0 || at > 1 ? [] : words.slice(at, at + 2);
  const isKey = BASE64.test(blob) && createStringReader(Buffer.from(blob, 'base64'), 0)().toString('latin1') === type;
  if (!isKey)
    throw new SyntaxError('Cannot read host keys: expected lines such as "ssh-ed25519 AAAA…" or those of ssh-keyscan');
  return `${type} ${blob}`;
}

/**
 * Reads the keys of a server: lines of a public key file, of `known_hosts`, or of what ssh-keyscan prints (sshd(8)).
 *
 * @returns `ssh-ed25519 AAAA…`, each once
 * @throws {SyntaxError} when a line is none, or there is none
 */
export function parseHostKeys(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(findKey);
  if (keys.length === 0) throw new SyntaxError('Cannot read host keys: there are none');
  return [...new Set(keys)];
}

/**
 * Reads as much of a private key as is not secret (OpenSSH, `PROTOCOL.key`).
 *
 * @returns the fingerprint of its public key
 * @throws {SyntaxError} when it is none that can be used without anybody's help; nothing of it is in the message
 */
export function fingerprintOfPrivateKey(text: string): string {
  const fail = (why: string) => new SyntaxError(`Cannot read ssh key: ${why}`);
  const [, body] = PRIVATE_KEY.exec(text.trim()) ?? [];
  if (body === undefined)
    throw fail('expected a private key in the format of OpenSSH; "ssh-keygen -p -f <file>" rewrites it so');
  const bytes = Buffer.from(body, 'base64');
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw fail('it is damaged');
  let parts: readonly Buffer[];
  try {
    const next = createStringReader(bytes, MAGIC.length);
    const head = [next(), next(), next()];
    // Behind them stands how many keys there are: four bytes, always one.
    const nextKey = createStringReader(bytes, MAGIC.length + head.reduce((sum, { length }) => sum + 4 + length, 0) + 4);
    parts = [...head, nextKey(), nextKey()];
  } catch {
    throw fail('it is damaged');
  }
  const [cipher, , , publicKey] = parts;
  if (cipher?.toString('latin1') !== 'none') throw fail('it has a passphrase; "ssh-keygen -p -f <file>" takes it away');
  return sshFingerprint(`key ${publicKey?.toString('base64') ?? ''}`);
}

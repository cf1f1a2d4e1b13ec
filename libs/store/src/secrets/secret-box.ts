import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_LENGTH = 8;
const ALGORITHM = 'aes-256-gcm';
const SEALED = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]+)$/;

/** Keeps secrets in the database unreadable to whoever has only the database. */
export interface SecretBox {
  /**
   * Encrypts a text (AES-256-GCM).
   *
   * @param place where it is stored, such as `registries/ghcr.io`: it cannot be opened as if it stood elsewhere
   */
  readonly seal: (text: string, place: string) => string;
  /**
   * Decrypts what `seal` made.
   *
   * @throws {Error} when it was changed, stood elsewhere, or was sealed with a key that is not among ours
   */
  readonly open: (sealed: string, place: string) => string;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

function readKey(text: string): Key {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== KEY_BYTES) throw new TypeError(`expected keys of ${KEY_BYTES} bytes in base64`);
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, KEY_ID_LENGTH), bytes };
}

/** Makes a key for {@link createSecretBox}. */
export function createEncryptionKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/**
 * Makes a secret box.
 *
 * @param keys base64 of 32 bytes; several are separated by commas: the first one seals, all of them open, so that a key
 *   can be replaced without a gap
 * @throws {TypeError} when a key is none
 */
export function createSecretBox(keys: string): SecretBox {
  const all = keys.split(',').map(readKey);
  const [current] = all;
  if (current === undefined) throw new TypeError('expected a key');
  return {
    seal: (text, place) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.bytes, nonce).setAAD(Buffer.from(place));
      const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `v1.${current.id}.${Buffer.concat(parts).toString('base64url')}`;
    },
    open: (sealed, place) => {
      const [, id, body = ''] = SEALED.exec(sealed) ?? [];
      const key = all.find((candidate) => candidate.id === id);
      if (key === undefined) throw new Error(`Cannot open secret "${place}": ENCRYPTION_KEY has not the key of it`);
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(ALGORITHM, key.bytes, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      return text.toString('utf8');
    },
  };
}

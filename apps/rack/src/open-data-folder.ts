import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createEncryptionKey } from '@convox-builds/store';

const run = promisify(execFile);

/** The folder that holds all of a rack. */
export interface DataFolder {
  readonly path: string;
  /** The rack's password; made once. */
  readonly password: string;
  /** The key with which the secrets in the database are encrypted; made once. */
  readonly encryptionKey: string;
  /** The key with which registry tokens are signed. */
  readonly tokenKeyFile: string;
  /** Its certificate, which the registry trusts. */
  readonly tokenCertificateFile: string;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Writes a file whole or not at all. */
async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function readSecret(file: string, create: () => string): Promise<string> {
  if (!(await exists(file))) await writeSecret(file, create());
  return (await readFile(file, 'utf8')).trim();
}

/** A P-256 key and a certificate that it signed itself: what distribution's token authentication wants. */
async function createKeys(keyFile: string, certificateFile: string): Promise<void> {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '7300'];
  const subject = ['-subj', '/CN=convox-builds registry tokens'];
  await run('openssl', [...args, ...subject, '-keyout', `${keyFile}.new`, '-out', certificateFile]);
  // The key last: while it is missing, both are made again.
  await rename(`${keyFile}.new`, keyFile);
}

/** Opens a rack's data folder and makes what is missing in it. Only this user can read it. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const tokenKeyFile = join(path, 'registry-token.key');
  const tokenCertificateFile = join(path, 'registry-token.crt');
  if (!(await exists(tokenKeyFile))) await createKeys(tokenKeyFile, tokenCertificateFile);
  const password = await readSecret(join(path, 'password'), () => randomBytes(18).toString('base64url'));
  const encryptionKey = await readSecret(join(path, 'encryption.key'), createEncryptionKey);
  return { path, password, encryptionKey, tokenKeyFile, tokenCertificateFile };
}

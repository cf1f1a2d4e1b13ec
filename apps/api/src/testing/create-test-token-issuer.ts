import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTokenIssuer, type TokenIssuer } from '@convox-builds/registry';
import { createTemporaryFolder } from '@convox-builds/testing';

const SERVICE = 'convox-builds';
const run = promisify(execFile);

/** Makes an issuer of registry tokens, and the certificate by which a registry knows it. */
export async function createTestTokenIssuer(): Promise<{
  tokenIssuer: TokenIssuer;
  service: string;
  certificateFile: string;
  remove: () => Promise<void>;
}> {
  const { path, remove } = await createTemporaryFolder();
  const [keyFile, certificateFile] = [join(path, 'key.pem'), join(path, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const output = ['-keyout', keyFile, '-out', certificateFile, '-subj', '/CN=test'];
  await run('openssl', ['req', '-x509', ...curve, ...output]);
  const [privateKeyPem, certificatePem] = await Promise.all([
    readFile(keyFile, 'utf8'),
    readFile(certificateFile, 'utf8'),
  ]);
  const tokenIssuer = createTokenIssuer({ issuer: SERVICE, service: SERVICE, privateKeyPem, certificatePem });
  return { tokenIssuer, service: SERVICE, certificateFile, remove };
}

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTemporaryFolder, startRegistry } from '@convox-builds/testing';

import type { RegistryScope } from '../registry-access.js';
import { createTokenIssuer, type IssuedToken } from '../token-issuer.js';
import { parseTokenScope } from '../token-scope.js';

const SERVICE = 'rack';

/** A registry that believes tokens, and the server that gives them out. */
export interface TokenRegistry {
  readonly host: string;
  /** Signs a token that the registry believes, whoever asks. */
  readonly issue: (access: readonly RegistryScope[], ttlSeconds?: number) => IssuedToken;
  /** The `Authorization` of each request for a token. */
  readonly askedAs: readonly (string | undefined)[];
  readonly stop: () => Promise<void>;
}

async function createKeys(folder: string) {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const files = ['-subj', '/CN=test', '-keyout', keyFile, '-out', certificateFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, ...files]);
  const [privateKeyPem, certificatePem] = await Promise.all([
    readFile(keyFile, 'utf8'),
    readFile(certificateFile, 'utf8'),
  ]);
  return { certificateFile, privateKeyPem, certificatePem };
}

function scopesOf({ url = '/' }: IncomingMessage): RegistryScope[] {
  return new URL(url, 'http://realm').searchParams.getAll('scope').flatMap((scope) => parseTokenScope(scope) ?? []);
}

/** Starts a real registry with token authentication; its token server gives everything to the user with this password. */
export async function startTokenRegistry(user: { username: string; password: string }): Promise<TokenRegistry> {
  const { path, remove } = await createTemporaryFolder();
  const { certificateFile, privateKeyPem, certificatePem } = await createKeys(path);
  const issuer = createTokenIssuer({ issuer: SERVICE, service: SERVICE, privateKeyPem, certificatePem });
  const issue = (access: readonly RegistryScope[], ttlSeconds = 60) =>
    issuer.issue({ subject: 'test', access, ttlSeconds });
  const expected = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
  const askedAs: (string | undefined)[] = [];
  const realm = createServer((request, response) => {
    askedAs.push(request.headers.authorization);
    if (request.headers.authorization !== expected) return void response.writeHead(401).end();
    response.end(JSON.stringify({ token: issue(scopesOf(request)).token }));
  });
  realm.listen(0, '127.0.0.1');
  await once(realm, 'listening');
  const address = realm.address();
  const port = typeof address === 'object' ? address?.port : '';
  const auth = {
    kind: 'token' as const,
    realm: `http://127.0.0.1:${port}/token`,
    service: SERVICE,
    certificateFile,
  };
  const registry = await startRegistry({ auth });
  return {
    host: registry.host,
    issue,
    askedAs,
    stop: async () => {
      realm.closeAllConnections();
      realm.close();
      await Promise.all([registry.stop(), remove()]);
    },
  };
}

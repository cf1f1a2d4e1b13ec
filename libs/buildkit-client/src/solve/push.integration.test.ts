import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTokenIssuer, type RegistryScope, type TokenIssuer } from '@convox-builds/registry';
import { createTemporaryFolder, startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { SolveError } from '../errors/solve-error.js';
import { registryAuth } from '../services/registry-auth.js';
import { createContext, SHELL, type TestContext } from '../testing/create-context.js';
import { solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';

const SERVICE = 'test-registry';

let context: TestContext;
let open: TestRegistry;
let guarded: TestRegistry;
let issuer: TokenIssuer;
let daemon: TestBuildkitd;

/** A registry that sends everybody for a token, and what signs the tokens that it believes. */
async function startGuardedRegistry(): Promise<void> {
  const { path } = await createTemporaryFolder();
  const [keyFile, certificateFile] = [join(path, 'key.pem'), join(path, 'certificate.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const subject = ['-subj', '/CN=test', '-keyout', keyFile, '-out', certificateFile];
  await promisify(execFile)('openssl', ['req', '-x509', ...curve, ...subject]);
  const [privateKeyPem, certificatePem] = [await readFile(keyFile, 'utf8'), await readFile(certificateFile, 'utf8')];
  issuer = createTokenIssuer({ issuer: SERVICE, service: SERVICE, privateKeyPem, certificatePem });
  // Nobody is at the realm: whoever asks there instead of us fails.
  const auth = { kind: 'token' as const, realm: 'http://127.0.0.1:9/token', service: SERVICE, certificateFile };
  guarded = await startRegistry({ auth });
}

test.before(async () => {
  context = await createContext({ Dockerfile: `${SHELL}\nRUN echo pushed > /file` });
  open = await startRegistry();
  await startGuardedRegistry();
  const plain = { isPlainHttp: true };
  daemon = await startTestBuildkitd({ registries: { [open.host]: plain, [guarded.host]: plain } });
});

test.after.always(async () => {
  await daemon?.stop();
  await Promise.all([open?.stop(), guarded?.stop(), context?.remove()]);
});

const push = (host: string) => ({
  exporters: [
    { type: 'image', attrs: { name: `${host}/app`, push: 'true', 'push-by-digest': 'true', 'oci-mediatypes': 'true' } },
  ],
});

const mint = (actions: RegistryScope['actions']) => {
  const access = [{ repository: 'app', actions }];
  return registryAuth({
    identity: `test ${actions.join(',')}`,
    mintToken: async () => issuer.issue({ subject: 'test', access, ttlSeconds: 60 }),
  });
};

test('solve() pushes by digest: the registry has the manifest under the digest of the result', async (t) => {
  const { result } = await solveContext(daemon.client, { source: context.folder, request: push(open.host) });
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await fetch(`http://${open.host}/v2/app/manifests/${result.digest}`, { headers: { accept } });
  t.is(answer.status, 200);
  t.is(answer.headers.get('docker-content-digest'), result.digest ?? '');
  const tags = await fetch(`http://${open.host}/v2/app/tags/list`);
  t.regex(await tags.text(), /"tags":null|NAME_UNKNOWN/);
});

test('solve() pushes with tokens that we mint; the daemon asks nobody else', async (t) => {
  const attachables = [mint(['pull', 'push'])];
  const request = push(guarded.host);
  const { result } = await solveContext(daemon.client, { source: context.folder, request, attachables });
  t.regex(result.digest ?? '', /^sha256:[0-9a-f]{64}$/);
});

test('solve() with a token that allows too little is told so', async (t) => {
  const solved = solveContext(daemon.client, {
    source: context.folder,
    request: push(guarded.host),
    attachables: [mint(['pull'])],
  });
  await t.throwsAsync(solved, { instanceOf: SolveError, message: /401|403|denied|insufficient/i });
});

test('solve() whose registry is gone fails and names it', async (t) => {
  const solved = solveContext(daemon.client, { source: context.folder, request: push('127.0.0.1:9') });
  await t.throwsAsync(solved, { instanceOf: SolveError, message: /127\.0\.0\.1:9/ });
});

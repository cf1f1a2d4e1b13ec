import { buffer } from 'node:stream/consumers';

import test, { type ExecutionContext } from 'ava';

import { authorise } from './authorise.js';
import { copyImage } from './copy-image.js';
import { createRegistryClient } from './create-registry-client.js';
import { RegistryError, type RegistryErrorCode } from './registry-error.js';
import { type HostileRegistry, startHostileRegistry } from './testing/start-hostile-registry.js';
import { digestOf } from './verify-digest.js';

const CREDENTIALS = { username: 'me', password: 'hunter2' };

const client = createRegistryClient({
  access: { isPlainHttp: () => true, mirrors: () => [], credentials: async () => CREDENTIALS },
});

async function refuse(t: ExecutionContext, asked: Promise<unknown>, code: RegistryErrorCode): Promise<RegistryError> {
  const error = (await t.throwsAsync(asked, { instanceOf: RegistryError })) ?? t.fail();
  t.is(error.code, code, error.message);
  t.notRegex(error.message, /hunter2|\n/);
  return error;
}

const manifestOf = ({ host }: HostileRegistry, digest?: string) =>
  client.getManifest({ registry: host, repository: 'app', ...(digest === undefined ? { tag: 'x' } : { digest }) });

test('a manifest that never ends is given up', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    const write = () => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', write);
    write();
  });
  t.regex((await refuse(t, manifestOf(registry), 'invalid')).message, /larger than/);
});

test('a manifest that is not what its digest says is refused', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => void response.end('{}'));
  await refuse(t, manifestOf(registry, digestOf(Buffer.from('else'))), 'invalid');
});

test('a blob that is not what its descriptor says breaks its stream', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => void response.end('something else'));
  const source = { registry: registry.host, repository: 'app' };
  for (const size of [4, 14, 100]) {
    const descriptor = { mediaType: 'x', digest: digestOf(Buffer.from('said')), size };
    await refuse(t, client.getBlob(source, descriptor).then(buffer), 'invalid');
  }
});

test('a blob whose connection breaks off is an error, not an end', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('some', () => response.destroy());
  });
  const descriptor = { mediaType: 'x', digest: digestOf(Buffer.from('some')), size: 1000 };
  await t.throwsAsync(client.getBlob({ registry: registry.host, repository: 'app' }, descriptor).then(buffer));
});

test('a password does not follow a redirect to another host', async (t) => {
  const elsewhere = await startHostileRegistry(t, (_request, response) => void response.end('{}'));
  const registry = await startHostileRegistry(t, (request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    } else response.writeHead(307, { location: `http://${elsewhere.host}/blob` }).end();
  });
  await manifestOf(registry);
  t.is(elsewhere.requests.length, 1);
  t.is(elsewhere.requests[0]?.headers.authorization, undefined);
});

test('whoever we are redirected to is not told who we are, also when it asks', async (t) => {
  const tokens = await startHostileRegistry(t, (_request, response) => void response.end('{"token":"x"}'));
  const elsewhere = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/token"` }).end();
  });
  const registry = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(307, { location: `http://${elsewhere.host}/blob` }).end();
  });
  await refuse(t, manifestOf(registry), 'denied');
  t.is(tokens.requests.length, 0);
});

test('a login that cannot be had is said at once', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  const credentials = async () => {
    throw new TypeError('there is no password');
  };
  const careful = createRegistryClient({ access: { isPlainHttp: () => true, mirrors: () => [], credentials } });
  const asked = careful.getManifest({ registry: registry.host, repository: 'app' });
  await t.throwsAsync(asked, { instanceOf: TypeError, message: 'there is no password' });
  t.is(registry.requests.length, 1);
});

test('redirects in a circle are given up', async (t) => {
  const registry = await startHostileRegistry(t, (request, response) => {
    response.writeHead(307, { location: request.url }).end();
  });
  await refuse(t, manifestOf(registry), 'unavailable');
});

test('a registry that always asks who we are is asked twice, and no more', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
  });
  await refuse(t, manifestOf(registry), 'denied');
  t.is(registry.requests.length, 2);
});

for (const [what, challenge, code] of [
  ['missing', 'Bearer service="x"', 'invalid'],
  ['a file', 'Bearer realm="file:///etc/passwd"', 'invalid'],
  ['no address', `Bearer realm="${'x'.repeat(10_000)}"`, 'invalid'],
  ['away', 'Bearer realm="http://127.0.0.1:9/"', 'unavailable'],
] as const) {
  test(`a token server that is ${what} is a clear error`, async (t) => {
    const registry = await startHostileRegistry(t, (_request, response) => {
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    await refuse(t, manifestOf(registry), code);
  });
}

test('a token answer that makes no sense is a clear error', async (t) => {
  const registry = await startHostileRegistry(t, (request, response) => {
    if (request.url?.startsWith('/token')) response.end('[]');
    else {
      const realm = `http://${request.headers.host}/token`;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
    }
  });
  await refuse(t, manifestOf(registry), 'invalid');
});

test('a registry that is busy is asked again', async (t) => {
  let failures = 2;
  const registry = await startHostileRegistry(t, (_request, response) => {
    if (failures-- > 0) response.writeHead(503).end();
    else response.end('{}');
  });
  t.is((await manifestOf(registry)).bytes.toString(), '{}');
});

test('a registry that limits us is waited for as long as it says, and then told in so many words', async (t) => {
  let limits = 1;
  const registry = await startHostileRegistry(t, (_request, response) => {
    if (limits-- > 0) response.writeHead(429, { 'retry-after': '2' }).end('toomanyrequests');
    else response.end('{}');
  });
  const startedAt = performance.now();
  await manifestOf(registry);
  t.true(performance.now() - startedAt >= 1990);
  const strict = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(429, { 'retry-after': '21600' }).end('toomanyrequests');
  });
  const error = await refuse(t, manifestOf(strict), 'unavailable');
  t.regex(error.message, /limits how often it may be asked, for another 21600 seconds; a login for it may raise/);
  t.is(error.retryAfterMs, 21_600_000);
  t.is(strict.requests.length, 1);
});

test('a password is not given to a token server without TLS', async (t) => {
  const tokens = await startHostileRegistry(t, (_request, response) => void response.end('{"token":"x"}'));
  const challenge = `Bearer realm="http://${tokens.host}/token"`;
  const scopes = [{ repository: 'app', actions: ['pull'] }] as const;
  const access = { isPlainHttp: () => false, mirrors: () => [], credentials: async () => CREDENTIALS };
  const asked = authorise(challenge, { host: 'registry.example.com', scopes, access });
  t.regex((await refuse(t, asked, 'invalid')).message, /would get the password without TLS/);
  t.is(tokens.requests.length, 0);
});

test('a registry that refuses is quoted, in one line and not at length', async (t) => {
  const registry = await startHostileRegistry(t, (_request, response) => {
    response.writeHead(403).end(`first\nsecond ${'x'.repeat(100_000)}`);
  });
  const { message } = await refuse(t, manifestOf(registry), 'denied');
  t.true(message.length < 500);
});

test('a registry that says nothing is left when the signal says so', async (t) => {
  const controller = new AbortController();
  const registry = await startHostileRegistry(t, () => controller.abort(new Error('enough')));
  const asked = client.getManifest({ registry: registry.host, repository: 'app' }, { signal: controller.signal });
  await t.throwsAsync(asked, { message: 'enough' });
});

test('copyImage() of an index of indexes without end stops', async (t) => {
  const registry = await startHostileRegistry(t, (request, response) => {
    const depth = Number(/depth-(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
    response.setHeader('content-type', 'application/vnd.oci.image.index.v1+json');
    response.end(JSON.stringify({ schemaVersion: 2, manifests: [], depth }));
  });
  const source = { registry: registry.host, repository: 'app', tag: 'depth-1' };
  const target = { registry: registry.host, repository: 'copy' };
  await t.notThrowsAsync(copyImage(client, { source, target }));
});

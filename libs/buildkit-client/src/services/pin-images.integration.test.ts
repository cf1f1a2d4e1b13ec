import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';

import { createContext, SHELL, type TestContext } from '../testing/create-context.js';
import { type ContextSolved, solveContext } from '../testing/solve-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';
import { type ImagePins, pinImages, type SourceFence } from './pin-images.js';

let registry: TestRegistry;
let daemon: TestBuildkitd;
const contexts: TestContext[] = [];

test.before(async () => {
  registry = await startRegistry();
  daemon = await startTestBuildkitd({ registries: { [registry.host]: { isPlainHttp: true } } });
});

test.after.always(async () => {
  await daemon?.stop();
  await Promise.all([registry?.stop(), ...contexts.map(({ remove }) => remove())]);
});

interface Solve {
  readonly dockerfile: string;
  readonly pins?: ImagePins & SourceFence;
  readonly pushTo?: string;
}

async function solve({ dockerfile, pins, pushTo }: Solve): Promise<ContextSolved> {
  const context = await createContext({ Dockerfile: dockerfile });
  contexts.push(context);
  const exporters = pushTo === undefined ? [] : [{ type: 'image', attrs: { name: pushTo, push: 'true' } }];
  const attachables = pins === undefined ? [] : [pinImages(pins)];
  return solveContext(daemon.client, { source: context.folder, request: { exporters }, attachables });
}

/** Pushes a base image that says which one it is. */
const pushBase = (name: string, text: string) =>
  solve({ dockerfile: `${SHELL}\nRUN echo ${text} > /text`, pushTo: `${registry.host}/${name}:v1` });

function keepPins(): ImagePins & { readonly digests: Map<string, string> } {
  const digests = new Map<string, string>();
  return {
    digests,
    find: async (reference) => digests.get(reference),
    pin: async (reference, digest) => {
      if (!digests.has(reference)) digests.set(reference, digest);
      return digests.get(reference) ?? digest;
    },
  };
}

/** Reads the text of a base image in each of the ways that a Dockerfile knows. */
const readerOf = (name: string, salt: string) => `ARG TAG=v1
FROM ${registry.host}/${name}:\${TAG} AS base
${SHELL}
COPY --from=base /text /from
COPY --from=${registry.host}/${name}:v1 /text /copy
RUN --mount=from=${registry.host}/${name}:v1,target=/base echo ${salt} $(/busybox cat /from /copy /base/text)`;

test('pinImages() gives solves that share pins the same image, though its tag has moved', async (t) => {
  const { result: first } = await pushBase('moving', 'first');
  const pins = keepPins();
  t.regex((await solve({ dockerfile: readerOf('moving', '1'), pins })).output, /^1 first first first$/m);
  const { result: second } = await pushBase('moving', 'second');
  t.not(first.digest, second.digest);
  t.regex((await solve({ dockerfile: readerOf('moving', '2'), pins })).output, /^2 first first first$/m);
  t.deepEqual([...pins.digests], [[`${registry.host}/moving:v1`, first.digest]]);
  t.regex((await solve({ dockerfile: readerOf('moving', '3'), pins: keepPins() })).output, /^3 second second second$/m);
});

test('pinImages() asks for what a person has pinned, and for what is no image, as it is', async (t) => {
  const { result } = await pushBase('pinned', 'pinned');
  const pins = keepPins();
  const dockerfile = `FROM ${registry.host}/pinned@${result.digest}\nCOPY Dockerfile /`;
  await t.notThrowsAsync(solve({ dockerfile, pins }));
  t.deepEqual([...pins.digests], []);
});

test('pinImages(): an image that is not there fails the solve and pins nothing', async (t) => {
  const pins = keepPins();
  const error = await t.throwsAsync(solve({ dockerfile: `FROM ${registry.host}/absent:v1`, pins }));
  t.regex(error?.message ?? '', /absent:v1: .*not found/);
  t.deepEqual([...pins.digests], []);
});

const FENCE: SourceFence = {
  refuseImage: async (reference) => (reference.includes('other') ? 'it is of another app' : undefined),
  refusePlace: async ({ host, port }) => `${host} ${port} is inward`,
};

test('promise 6: pinImages() has nothing fetched that may not be, and says why', async (t) => {
  const asked: unknown[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end('a secret');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const inward = `127.0.0.1:${port}`;
  const failureOf = async (line: string, fence: SourceFence = FENCE) =>
    (await t.throwsAsync(solve({ dockerfile: `FROM scratch\n${line}`, pins: { ...keepPins(), ...fence } })))?.message;
  const refusal = (source: string) => `"${source}" cannot be read: 127.0.0.1 ${port} is inward`;
  t.is(await failureOf(`ADD http://${inward}/meta /x`), refusal(`http://${inward}/meta`));
  t.is(await failureOf(`ADD http://${inward}/app.git /x`), refusal(`git://${inward}/app.git`));
  t.is(await failureOf(`ADD git://${inward}/app.git#main /x`), refusal(`git://${inward}/app.git#main`));
  t.is(
    await failureOf(`ADD git@127.0.0.1:app.git /x`),
    `"git://127.0.0.1/app.git" cannot be read: 127.0.0.1 22 is inward`,
  );
  const other = `${registry.host}/other:v1`;
  t.is(await failureOf(`COPY --from=${other} /x /x`), `image "${other}" cannot be read: it is of another app`);
  t.deepEqual(asked, []);
  await t.notThrowsAsync(solve({ dockerfile: `FROM scratch\nADD http://${inward}/open /x`, pins: keepPins() }));
  t.true(asked.includes('/open'));
});

import test, { type ExecutionContext } from 'ava';

import type { BuildkitClient } from '../control/buildkit-client.js';
import { BuildkitError } from '../errors/buildkit-error.js';
import { createDirectorySource } from '../file-sync/directory-source.js';
import { fileSync } from '../file-sync/file-sync.js';
import { openSession } from '../session/open-session.js';
import { dockerfileAttrs } from '../solve/dockerfile-attrs.js';
import { createContext } from '../testing/create-context.js';
import { startTestBuildkitd, type TestBuildkitd } from '../testing/start-test-buildkitd.js';
import type { FrontendQuestion } from './ask-frontend.js';
import { listTargets } from './list-targets.js';
import { outlineDockerfile } from './outline-dockerfile.js';

let daemon: TestBuildkitd;

test.before(async () => {
  daemon = await startTestBuildkitd();
});

test.after.always(() => daemon?.stop());

type Question = Omit<FrontendQuestion, 'requestId'>;

async function ask<T>(
  t: ExecutionContext,
  { dockerfile, target }: { dockerfile: string; target?: string },
  verb: (client: BuildkitClient, question: Question) => Promise<T>,
): Promise<T> {
  const context = await createContext({ Dockerfile: dockerfile });
  t.teardown(context.remove);
  const source = await createDirectorySource(context.folder);
  const attachables = [fileSync({ sources: { context: source, dockerfile: source } })];
  const session = openSession(daemon.client, { sharedKey: 'test', attachables });
  t.teardown(session.close);
  return verb(daemon.client, { frontendAttrs: dockerfileAttrs({ target }), session });
}

const DOCKERFILE = `
ARG BASE=scratch
FROM $BASE AS development
ARG ONE TWO=2 \\
  THREE
RUN --mount=type=secret,id=TOKEN true
FROM scratch AS production
ARG FOUR
COPY --from=development / /
FROM scratch AS unused
ARG FIVE
`;

test('outlineDockerfile() names the arguments and secrets of a stage and of those that it is made from', async (t) => {
  const { args, secrets } = await ask(t, { dockerfile: DOCKERFILE, target: 'production' }, outlineDockerfile);
  t.deepEqual([...args].sort(), ['BASE', 'FOUR', 'ONE', 'THREE', 'TWO']);
  t.deepEqual(secrets, ['TOKEN']);
});

test('listTargets() names the stages', async (t) => {
  t.deepEqual(await ask(t, { dockerfile: DOCKERFILE }, listTargets), ['development', 'production', 'unused']);
});

test('outlineDockerfile() of what is no Dockerfile rejects', async (t) => {
  const error = await t.throwsAsync(ask(t, { dockerfile: 'FROM scratch\nNONSENSE' }, outlineDockerfile));
  t.like(error, { code: 'user' });
  t.regex(error?.message ?? '', /unknown instruction: NONSENSE/);
});

test('outlineDockerfile() whose base image is in a registry that is away says so', async (t) => {
  const error = await t.throwsAsync(ask(t, { dockerfile: 'FROM 127.0.0.1:9/base\nARG ONE' }, outlineDockerfile));
  t.true(error instanceof BuildkitError);
  t.like(error, { code: 'unavailable' });
});

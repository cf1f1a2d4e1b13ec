import { SolveError, TarSourceError } from '@convox-builds/buildkit-client';
import { BuildFailure } from '@convox-builds/domain';
import { GitError, type GitErrorCode } from '@convox-builds/git-source';
import { parseManifest } from '@convox-builds/manifest';
import { EcrError, RegistryError } from '@convox-builds/registry';
import test from 'ava';

import { AttemptStop } from './attempt.js';
import { classifyFailure } from './classify-failure.js';

const classify = (error: unknown) => {
  const { failureClass, message } = classifyFailure(error, { buildTimeoutMs: 90_000 });
  return [failureClass, message];
};

test('classifyFailure() keeps what is classified already', (t) => {
  const failure = new BuildFailure('limits', 'too much');
  t.is(classifyFailure(failure, { buildTimeoutMs: 1 }), failure);
});

test('classifyFailure() says how long a build ran that ran too long', (t) => {
  t.deepEqual(classify(new AttemptStop('timeout')), ['timeout', 'the build ran longer than 90 seconds']);
});

test('classifyFailure() gives the person what is in their source', (t) => {
  t.deepEqual(classify(new TarSourceError('corrupt', 'cut off')), ['user', 'Cannot read source archive: cut off']);
  const error = t.throws(() => parseManifest('services: [', { fileName: 'convox.yml', variables: new Map() }));
  t.is(classify(error)[0], 'user');
});

test('classifyFailure() tells a registry that refuses from one that is away', (t) => {
  t.deepEqual(classify(new RegistryError('denied', 'no', { status: 403 })), ['credentials', 'no']);
  t.deepEqual(classify(new RegistryError('not-found', 'nowhere', { status: 404 })), ['user', 'nowhere']);
  t.deepEqual(classify(new RegistryError('refused', 'inward')), ['user', 'inward']);
  t.deepEqual(classify(new RegistryError('unavailable', 'away')), ['platform', 'away']);
});

test('classifyFailure() tells an AWS that refuses the rack from one that is away', (t) => {
  t.deepEqual(classify(new EcrError('refused', 'no')), ['credentials', 'no']);
  t.deepEqual(classify(new EcrError('unavailable', 'away')), ['platform', 'away']);
});

test('classifyFailure() tells a git server that refuses us from one that is away', (t) => {
  const classOf = (code: GitErrorCode) => classify(new GitError(code, 'x'))[0];
  const codes = ['not-found', 'refused', 'denied', 'too-large', 'unavailable'] as const;
  t.deepEqual(codes.map(classOf), ['user', 'user', 'credentials', 'limits', 'platform']);
});

test('classifyFailure() takes everything else on itself', (t) => {
  t.deepEqual(classify(new SolveError({ code: 'unavailable', message: 'gone' })), [
    'platform',
    'the build daemon failed: gone',
  ]);
  t.deepEqual(classify('text'), ['platform', 'the rack failed: text']);
});

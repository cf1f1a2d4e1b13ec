import { accessOf, type Route, routes } from '@convox-builds/api-contract';
import anyTest, { type TestFn } from 'ava';

import { openLog } from './testing/read-log.js';
import { roleToken } from './testing/role-token.js';
import { basic, METRICS_TOKEN, PASSWORD, startTestApi, type TestApi } from './testing/start-test-api.js';

const test = anyTest as TestFn<{ api: TestApi }>;

test.before(async (t) => {
  const issue = () => ({ token: 'x', expiresInSeconds: 1, issuedAt: new Date() });
  t.context.api = await startTestApi({ registryHost: '127.0.0.1:1', tokenIssuer: { issue } });
});
test.after.always((t) => t.context.api?.stop());

const STRANGER = 'invalid authentication';
const TOO_SMALL = 'you are unauthorized to access this';

/** Who asks, and what they are told where they may not: nothing else may be in the answer. */
const CALLERS = {
  'no password': { authorization: '', refusal: STRANGER, may: [] },
  'a wrong password': { authorization: basic('convox', 'wrong'), refusal: STRANGER, may: [] },
  'a token of nobody': {
    authorization: basic('jwt', roleToken({ role: 'a' }, { secret: 'y'.repeat(32) })),
    refusal: STRANGER,
    may: [],
  },
  'the password of a build that never was': {
    authorization: basic('build', PASSWORD.slice(1)),
    refusal: STRANGER,
    may: [],
  },
  'the token for metrics': { authorization: `Bearer ${METRICS_TOKEN}`, refusal: STRANGER, may: ['scraper'] },
  'role r': { authorization: basic('jwt', roleToken({ role: 'r' })), refusal: TOO_SMALL, may: ['reader', 'scraper'] },
  'role rw': {
    authorization: basic('jwt', roleToken({ role: 'rw' })),
    refusal: '',
    may: ['reader', 'writer', 'scraper'],
  },
  'role a': {
    authorization: basic('jwt', roleToken({ role: 'a' })),
    refusal: '',
    may: ['reader', 'writer', 'scraper'],
  },
  'the password': { authorization: basic('convox', PASSWORD), refusal: '', may: ['reader', 'writer', 'scraper'] },
} as const;

const pathOf = ({ path }: Route) => path.replace(/\{\w+\}/g, 'nobody');
const isAllowed = (route: Route, may: readonly string[]) =>
  accessOf(route) === 'anybody' || may.includes(accessOf(route));

for (const route of routes) {
  test(`roles: ${route.method} ${route.path} is for ${accessOf(route)}`, async (t) => {
    for (const [name, { authorization, refusal, may }] of Object.entries(CALLERS)) {
      const answer = await t.context.api.call(route.method, pathOf(route), { authorization });
      t.is(answer.status !== 401, isAllowed(route, may), name);
      if (answer.status !== 401) continue;
      t.is(answer.headers['www-authenticate'], 'Basic realm="convox"');
      const told =
        route.path.startsWith('/v2') && answer.text !== ''
          ? JSON.parse(answer.text).errors[0].message
          : answer.text.trim();
      t.is(told, route.method === 'HEAD' ? '' : refusal, name);
    }
  });
}

test('roles: the sockets of logs are for who may read', async (t) => {
  for (const [name, { authorization, may }] of Object.entries(CALLERS)) {
    const log = openLog(t.context.api.port, '/apps/a/builds/B/logs', { Authorization: authorization });
    const isOpen = await log.ended.then(
      ({ isEnded }) => isEnded,
      () => false,
    );
    t.is(isOpen, (may as readonly string[]).includes('reader'), name);
  }
});

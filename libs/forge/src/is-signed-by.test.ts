import { createHmac } from 'node:crypto';

import test from 'ava';
import fc from 'fast-check';

import { FORGE_KINDS, type ForgeKind } from './forge-event.js';
import { isSignedBy } from './is-signed-by.js';
import { signWebhook } from './testing/sign-webhook.js';

const NOW = new Date('2026-11-25T12:00:00Z');
const SECRET = "It's a Secret to Everybody";

const send = (kind: ForgeKind, options: { asForm?: boolean; time?: Date; secret?: string } = {}) => ({
  ...signWebhook({ kind, json: { zen: 'ä' }, secret: SECRET, deliveryId: 'x', time: NOW, ...options }),
  now: NOW,
});

test('isSignedBy() knows what GitHub gives as an example', (t) => {
  // "Validating webhook deliveries": testing the webhook payload validation.
  const headers = {
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  const body = Buffer.from('Hello, World!');
  t.true(isSignedBy('github', [SECRET], { headers, body, now: NOW }));
});

test('isSignedBy() knows what standardwebhooks.com gives as an example', (t) => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const now = new Date(1_614_265_330_000);
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,bm90IGl0 v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const body = Buffer.from('{"test": 2432232314}');
  t.true(isSignedBy('gitlab', [secret], { headers, body, now }));
  t.false(isSignedBy('gitlab', [secret], { headers, body: Buffer.from('{}'), now }));
  t.false(isSignedBy('gitlab', [secret], { headers, body, now: new Date(now.getTime() + 301_000) }));
  t.false(isSignedBy('gitlab', [secret.slice(6)], { headers, body, now }));
});

test('isSignedBy() believes every forge that knows one of the secrets, and nobody else', (t) => {
  for (const kind of FORGE_KINDS) {
    t.true(isSignedBy(kind, ['new', SECRET], send(kind)), kind);
    t.true(isSignedBy(kind, [SECRET, 'old'], send(kind)), kind);
    t.false(isSignedBy(kind, ['new', 'old'], send(kind)), kind);
    t.false(isSignedBy(kind, [], send(kind)), kind);
    t.false(isSignedBy(kind, [SECRET], { headers: {}, body: Buffer.from('{}'), now: NOW }), kind);
  }
});

test('isSignedBy() takes an empty secret for no secret', (t) => {
  for (const kind of FORGE_KINDS) {
    t.false(isSignedBy(kind, [''], send(kind, { secret: '' })), kind);
    t.false(isSignedBy(kind, [''], { headers: {}, body: Buffer.from(''), now: NOW }), kind);
  }
});

test('isSignedBy() knows what GitHub and Gitea sign of a form', (t) => {
  t.true(isSignedBy('github', [SECRET], send('github', { asForm: true })));
  t.true(isSignedBy('gitea', [SECRET], send('gitea', { asForm: true })));
});

test('isSignedBy() takes the headers of Forgejo for those of Gitea', (t) => {
  const { headers, ...rest } = send('gitea');
  const forgejo = { 'x-forgejo-signature': headers['x-gitea-signature'] };
  t.true(isSignedBy('gitea', [SECRET], { ...rest, headers: forgejo }));
});

test('isSignedBy() does not believe an older kind of signature, or one that was sent twice', (t) => {
  const { body } = send('github');
  const sha1 = `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`;
  t.false(isSignedBy('github', [SECRET], { headers: { 'x-hub-signature': sha1 }, body, now: NOW }));
  const { headers } = send('github');
  const twice = { 'x-hub-signature-256': [headers['x-hub-signature-256'] ?? '', ''] };
  t.false(isSignedBy('github', [SECRET], { headers: twice, body, now: NOW }));
});

test('isSignedBy() believes a time within five minutes', (t) => {
  const sentAt = (seconds: number) => send('generic', { time: new Date(NOW.getTime() + seconds * 1000) });
  for (const seconds of [-300, 0, 300]) t.true(isSignedBy('generic', [SECRET], sentAt(seconds)), `${seconds}`);
  for (const seconds of [-301, 301, -86_400]) t.false(isSignedBy('generic', [SECRET], sentAt(seconds)), `${seconds}`);
});

test('isSignedBy() does not believe a body or a signature in which one bit has changed', (t) => {
  const signatures = [
    'x-hub-signature-256',
    'x-hub-signature',
    'x-gitea-signature',
    'x-gitlab-token',
    'convox-signature',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...FORGE_KINDS), fc.nat(), fc.integer({ min: 0, max: 6 }), (kind, at, bit) => {
      const request = send(kind);
      const flip = (bytes: Buffer) => {
        const place = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place);
        return bytes;
      };
      const name = signatures.find((header) => header in request.headers) ?? '';
      const spoilt = flip(Buffer.from(request.headers[name] ?? '')).toString('latin1');
      const isForged = isSignedBy(kind, [SECRET], { ...request, headers: { ...request.headers, [name]: spoilt } });
      // A secret token says nothing about the body.
      const isSpoilt =
        kind !== 'gitlab' && isSignedBy(kind, [SECRET], { ...request, body: flip(Buffer.from(request.body)) });
      return !isForged && !isSpoilt;
    }),
    { numRuns: 1000 },
  );
  t.pass();
});

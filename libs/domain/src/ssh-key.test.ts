import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';

import { fingerprintOfPrivateKey, parseHostKeys, sshFingerprint } from './ssh-key.js';

/** What OpenSSH itself makes of it is the truth. */
function makeKey(t: ExecutionContext, ...options: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-key-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-f', file, ...options]);
  const listed = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' });
  return {
    privateKey: readFileSync(file, 'utf8'),
    publicKey: readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' '),
    fingerprint: listed.split(' ')[1] ?? '',
  };
}

test('fingerprintOfPrivateKey() and sshFingerprint() say what ssh-keygen says', (t) => {
  for (const type of ['ed25519', 'rsa', 'ecdsa']) {
    const { privateKey, publicKey, fingerprint } = makeKey(t, '-t', type, '-N', '');
    t.is(fingerprintOfPrivateKey(privateKey), fingerprint);
    t.is(sshFingerprint(publicKey), fingerprint);
  }
});

test('promise 7: fingerprintOfPrivateKey() refuses what cannot be used, and tells nothing of it', (t) => {
  const locked = makeKey(t, '-t', 'ed25519', '-N', 'a passphrase').privateKey;
  t.throws(() => fingerprintOfPrivateKey(locked), { message: /it has a passphrase/ });
  const pem = makeKey(t, '-t', 'rsa', '-N', '', '-m', 'PEM').privateKey;
  t.throws(() => fingerprintOfPrivateKey(pem), { message: /expected a private key in the format of OpenSSH/ });
  const { privateKey } = makeKey(t, '-t', 'ed25519', '-N', '');
  const lines = privateKey.split('\n');
  for (const text of [
    '',
    'canary',
    [...lines.slice(0, 2), ...lines.slice(-2)].join('\n'),
    privateKey.replace('b3Bl', 'b3Bm'),
  ]) {
    const { message } = t.throws(() => fingerprintOfPrivateKey(text), { instanceOf: SyntaxError });
    t.notRegex(message, /canary|b3B/);
  }
});

test('parseHostKeys() reads public keys, known_hosts and ssh-keyscan', (t) => {
  const [a, b] = [makeKey(t, '-t', 'ed25519', '-N', '').publicKey, makeKey(t, '-t', 'ecdsa', '-N', '').publicKey];
  t.deepEqual(parseHostKeys(`# host:22 SSH-2.0\nhost ${a}\n[host]:2222 ${b} comment\n\n${a} me@here\r\n`), [a, b]);
  for (const text of ['', '# x', 'x', 'ssh-ed25519', 'ssh-ed25519 AAAA', `@cert-authority * ${a}`, `@revoked h ${a}`]) {
    t.throws(() => parseHostKeys(text), { instanceOf: SyntaxError }, text);
  }
  t.throws(() => parseHostKeys(a.replace('ssh-ed25519', 'ssh-rsa')), { instanceOf: SyntaxError });
});

test('parseHostKeys() gives single lines or refuses', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      try {
        for (const key of parseHostKeys(text)) t.regex(key, /^[\w@.-]+ [A-Za-z0-9+/]+={0,2}$/);
      } catch (error) {
        t.true(error instanceof SyntaxError);
      }
    }),
  );
});

import test from 'ava';

import { createEncryptionKey, createSecretBox } from './secret-box.js';

test('createSecretBox(): opens what it sealed, and never seals the same way twice', (t) => {
  const box = createSecretBox(createEncryptionKey());
  const [first, second] = [box.seal('pässword', 'registries/a'), box.seal('pässword', 'registries/a')];
  t.not(first, second);
  t.notRegex(first, /word/);
  t.is(box.open(first, 'registries/a'), 'pässword');
  t.is(box.open(box.seal('', 'x'), 'x'), '');
});

test('createSecretBox(): opens nothing that was changed or stood elsewhere', (t) => {
  const box = createSecretBox(createEncryptionKey());
  const sealed = box.seal('secret', 'registries/a');
  t.throws(() => box.open(sealed, 'registries/b'));
  t.throws(() => box.open(`${sealed.slice(0, -2)}AA`, 'registries/a'));
  t.throws(() => box.open('secret', 'registries/a'), { message: /has not the key of it/ });
});

test('createSecretBox(): a new key seals, the one before it still opens', (t) => {
  const [old, next] = [createEncryptionKey(), createEncryptionKey()];
  const sealed = createSecretBox(old).seal('secret', 'p');
  const box = createSecretBox(`${next},${old}`);
  t.is(box.open(sealed, 'p'), 'secret');
  t.throws(() => createSecretBox(old).open(box.seal('secret', 'p'), 'p'), { message: /has not the key of it/ });
  t.throws(() => createSecretBox(next).open(sealed, 'p'));
});

for (const keys of ['', 'short', `${createEncryptionKey()},`]) {
  test(`createSecretBox(): refuses the keys "${keys.slice(0, 6)}"`, (t) => {
    t.throws(() => createSecretBox(keys), { instanceOf: TypeError });
  });
}

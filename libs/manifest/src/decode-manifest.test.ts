import test from 'ava';

import { decodeManifest } from './decode-manifest.js';
import { ManifestError } from './manifest-error.js';

const TEXT = 'services:\n  wäb: {image: "\u{1F600}\uFFFD"}\n';

function swapBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}

test('decodeManifest() reads UTF-8 and UTF-16, byte order marks left out', (t) => {
  const utf16 = Buffer.from(`\uFEFF${TEXT}`, 'utf16le');
  for (const bytes of [Buffer.from(TEXT), Buffer.from(`\uFEFF${TEXT}`), utf16, swapBytes(utf16)]) {
    t.is(decodeManifest(bytes, 'f.yml'), TEXT);
  }
});

test('decodeManifest() says where a file is no text', (t) => {
  const refuse = (bytes: Buffer, message: string) =>
    t.throws(() => decodeManifest(bytes, 'f.yml'), { instanceOf: ManifestError, message });
  const latin1 = Buffer.concat([Buffer.from('a: \uFFFD\nb: '), Buffer.from('ä', 'latin1'), Buffer.from(' c')]);
  refuse(latin1, 'f.yml:2:4: a character that is not UTF-8; save the file as UTF-8');
  refuse(
    Buffer.from('\uFEFFa: \uFFFD\xE4').subarray(0, -1),
    'f.yml:1:5: a character that is not UTF-8; save the file as UTF-8',
  );
  refuse(Buffer.from('a: b\nc\0'), 'f.yml:2:2: a character NUL; the file must be text in UTF-8');
  refuse(Buffer.from('a: b', 'utf16le'), 'f.yml:1:2: a character NUL; the file must be text in UTF-8');
});

import { execFileSync } from 'node:child_process';
import test from 'ava';
import { encodeTarHeader, type TarEntryFields } from './encode-tar-header.js';
import { TAR_BLOCK_BYTES } from './tar-block.js';

const FOLDER: TarEntryFields = {
  kind: 'folder',
  path: 'a',
  mode: 0o755,
  userId: 1000,
  groupId: 1000,
  modifiedSeconds: 1_700_000_000,
  linkTarget: '',
};

function list(header: Buffer): string {
  const input = Buffer.concat([header, Buffer.alloc(1024)]);
  return execFileSync('tar', ['-tv', '--utc', '--full-time', '--quoting-style=literal'], { input, encoding: 'utf8' });
}

test('encodeTarHeader(): one plain ustar block when everything fits', (t) => {
  const header = encodeTarHeader(FOLDER, 0);
  t.is(header.length, TAR_BLOCK_BYTES);
  t.is(list(header), 'drwxr-xr-x 1000/1000         0 2023-11-14 22:13:20 a/\n');
});

test('encodeTarHeader(): owners beyond ustar go into a pax header', (t) => {
  t.regex(list(encodeTarHeader({ ...FOLDER, userId: 3_000_000_000, groupId: 2_097_152 }, 0)), / 3000000000\/2097152 /);
});

test('encodeTarHeader(): sizes beyond 8 GiB go into a pax header', (t) => {
  const header = encodeTarHeader({ ...FOLDER, kind: 'file' }, 9_000_000_000);
  t.is(header.subarray(TAR_BLOCK_BYTES, TAR_BLOCK_BYTES + 19).toString(), '19 size=9000000000\n');
});

test('encodeTarHeader(): names of every length around the limits of ustar are read back', (t) => {
  for (let length = 90; length < 280; length++) {
    const path = `${'d'.repeat(length - 51)}/${'f'.repeat(50)}`;
    t.true(
      list(encodeTarHeader({ ...FOLDER, kind: 'symlink', path, linkTarget: path }, 0)).endsWith(
        ` ${path} -> ${path}\n`,
      ),
    );
  }
});

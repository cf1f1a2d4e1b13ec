import test from 'ava';

import { createNetworkSet, isIn, isInward } from './inward-addresses.js';

const INWARD = [
  ...[
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
  ],
  ...['::1', '::', '::ffff:127.0.0.1', '::ffff:a00:1', 'fe80::1', 'fd00::1', '64:ff9b::7f00:1', '2002:7f00:1::', 'x'],
];
const OUTWARD = ['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:1.1.1.1'];

test('isInward() tells our own networks from the internet', (t) => {
  for (const address of INWARD) t.true(isInward(address), address);
  for (const address of OUTWARD) t.false(isInward(address), address);
});

test('createNetworkSet() reads networks and addresses', (t) => {
  const set = createNetworkSet(['10.0.0.0/8', 'fd00::/8', '192.168.1.1']);
  for (const address of ['10.9.9.9', '::ffff:10.9.9.9', 'fd12::1', '192.168.1.1']) t.true(isIn(set, address), address);
  for (const address of ['11.0.0.1', 'fe80::1', '192.168.1.2', 'name']) t.false(isIn(set, address), address);
});

for (const network of ['', 'localhost', '10.0.0.0/33', 'fd00::/129', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/-1']) {
  test(`createNetworkSet() refuses "${network}"`, (t) => {
    t.throws(() => createNetworkSet([network]), { instanceOf: TypeError, message: /is no network/ });
  });
}

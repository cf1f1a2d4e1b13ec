import test from 'ava';
import fc from 'fast-check';

import { createAddressPolicy, isNetwork } from './address-policy.js';

const INWARD = [
  ...[
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
  ],
  ...['100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.0.192'],
  ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', 'fc00::1', 'ff02::1', '::127.0.0.1', '64:ff9b::7f00:1'],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:169.254.169.254', '2002:7f00:1::', '0:0:0:0:0:ffff:a00:1'],
];
const OUTWARD = ['1.1.1.1', '140.82.121.3', '172.32.0.1', '11.0.0.1', '2606:4700::1111', '::ffff:1.1.1.1'];

test('promise 6: createAddressPolicy() lets nothing inward through, however it is written', (t) => {
  const { allows, isOpened } = createAddressPolicy([]);
  for (const address of INWARD) t.false(allows(address) || isOpened(address), address);
  for (const text of ['', '2130706433', 'localhost', '1.1.1.1 ', '0177.0.0.1']) t.false(allows(text), text);
  for (const address of OUTWARD) t.true(allows(address), address);
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, (b, c, d) => {
      for (const address of [`127.${b}.${c}.${d}`, `10.${b}.${c}.${d}`, `::ffff:10.${b}.${c}.${d}`]) {
        t.false(allows(address), address);
      }
    }),
  );
});

test('createAddressPolicy() opens what the operator names, and no more', (t) => {
  const { allows, isOpened } = createAddressPolicy(['127.0.0.0/8', 'fd00:1::/32']);
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', 'fd00:1::5']) t.true(allows(address) && isOpened(address));
  for (const address of ['10.0.0.1', '::1', 'fd00:2::5', '169.254.169.254']) t.false(allows(address), address);
  t.true(allows('1.1.1.1') && !isOpened('1.1.1.1'));
});

test('isNetwork() knows CIDR notation', (t) => {
  for (const text of ['10.0.0.0/8', '::1/128', '127.0.0.1/32']) t.true(isNetwork(text), text);
  for (const text of ['', '10.0.0.0', '10.0.0/8', '10.0.0.0/33', 'x/8', '::/129', '10.0.0.0/8 '])
    t.false(isNetwork(text));
});

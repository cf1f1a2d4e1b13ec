import { BlockList } from 'node:net';

import test from 'ava';

import { chainRules, hookRules, MAX_NETWORKS, networkNames } from './run-network-rules.js';

const NAMES = networkNames(7);
const targetOf = (rule: readonly string[]) => rule.at(-1);

/** What becomes of a packet to an address, as iptables would decide. */
function verdict(address: string, { port = '80', nameservers = ['10.0.0.2'], allow = ['10.9.0.0/16'] } = {}): string {
  for (const rule of chainRules(NAMES, { nameservers, allow }).slice(1)) {
    const [base = '', bits = '32'] = (rule[rule.indexOf('-d') + 1] ?? '').split('/');
    const range = new BlockList();
    range.addSubnet(base, Number(bits), 'ipv4');
    const wanted = rule.includes('--dport') ? rule[rule.indexOf('--dport') + 1] : port;
    if (range.check(address) && wanted === port) return targetOf(rule) ?? '';
  }
  return 'RETURN';
}

test('chainRules() lets out what goes to the internet, and nothing that goes to anything near', (t) => {
  const near = [
    '127.0.0.1',
    '169.254.169.254',
    '10.0.0.1',
    '172.31.0.1',
    '192.168.1.1',
    '100.100.100.200',
    '10.213.7.2',
  ];
  for (const address of [...near, '224.0.0.1', '255.255.255.255', '0.0.0.0']) t.is(verdict(address), 'DROP', address);
  for (const address of ['1.1.1.1', '93.184.216.34', '172.32.0.1', '192.169.0.1'])
    t.is(verdict(address), 'RETURN', address);
});

test('chainRules() opens a private name server on port 53 only, and what is allowed wholly', (t) => {
  t.is(verdict('10.0.0.2', { port: '53' }), 'ACCEPT');
  t.is(verdict('10.0.0.2', { port: '80' }), 'DROP');
  t.is(verdict('10.0.0.3', { port: '53' }), 'DROP');
  t.is(verdict('10.9.1.1'), 'ACCEPT');
});

test('chainRules() drops forged senders before anything else', (t) => {
  const [first] = chainRules(NAMES, { nameservers: [], allow: ['0.0.0.0/0'] });
  t.deepEqual(first, ['!', '-s', NAMES.subnet, '-j', 'DROP']);
});

test('hookRules() closes the machine itself to the bridge, in both families', (t) => {
  const input = hookRules(NAMES).filter(({ chain }) => chain === 'INPUT');
  t.deepEqual(
    input.map(({ program, spec }) => [program, targetOf(spec)]),
    [
      ['iptables', NAMES.chain],
      ['iptables', 'DROP'],
      ['ip6tables', 'DROP'],
    ],
  );
  t.true(hookRules(NAMES).every(({ spec }) => spec.includes(NAMES.bridge)));
});

test('networkNames() gives each worker of a machine a network of its own', (t) => {
  const all = Array.from({ length: MAX_NETWORKS }, (_, index) => networkNames(index + 1));
  for (const key of ['bridge', 'chain', 'subnet'] as const)
    t.is(new Set(all.map((names) => names[key])).size, MAX_NETWORKS);
  // Linux: IFNAMSIZ is 16 with the zero at the end; iptables takes chain names up to 28.
  t.true(all.every(({ bridge, chain }) => bridge.length <= 15 && chain.length <= 28));
});

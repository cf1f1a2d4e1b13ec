/** A worker's share of the machine's network: everything follows from its number. */
export interface NetworkNames {
  /** The bridge that RUN steps are joined to. */
  readonly bridge: string;
  readonly chain: string;
  readonly subnet: string;
}

/** One rule of iptables, without the command (`-I`, `-D`) that adds or removes it. */
export interface Rule {
  readonly program: 'iptables' | 'ip6tables';
  readonly table: 'filter' | 'nat';
  readonly chain: string;
  readonly spec: readonly string[];
}

/** Workers on one machine: the third byte of the subnet. */
export const MAX_NETWORKS = 250;

/** Names what belongs to worker number `index` of this machine. */
export function networkNames(index: number): NetworkNames {
  return { bridge: `builds${index}`, chain: `BUILDS-${index}`, subnet: `10.213.${index}.0/24` };
}

/** Where no RUN step has any business: this machine, its neighbours, other builds, cloud metadata (RFC 6890). */
const CLOSED_RANGES = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
] as const;

/** What a RUN step may reach, in order; the chain's last word is to return to whoever asked. */
export function chainRules(
  { subnet }: NetworkNames,
  { nameservers, allow }: { nameservers: readonly string[]; allow: readonly string[] },
): readonly (readonly string[])[] {
  return [
    // An address that is not ours is a forged one.
    ['!', '-s', subnet, '-j', 'DROP'],
    ...nameservers.flatMap((address) =>
      ['udp', 'tcp'].map((protocol) => ['-d', address, '-p', protocol, '--dport', '53', '-j', 'ACCEPT']),
    ),
    ...allow.map((range) => ['-d', range, '-j', 'ACCEPT']),
    ...CLOSED_RANGES.map((range) => ['-d', range, '-j', 'DROP']),
  ];
}

/** How the machine's own chains lead to ours, first rule first. They match the bridge, which no sender can forge. */
export function hookRules({ bridge, chain, subnet }: NetworkNames): readonly Rule[] {
  const filter = (on: string, ...spec: string[]): Rule => ({ program: 'iptables', table: 'filter', chain: on, spec });
  const filter6 = (on: string, ...spec: string[]): Rule => ({ program: 'ip6tables', table: 'filter', chain: on, spec });
  return [
    filter('INPUT', '-i', bridge, '-j', chain),
    filter('INPUT', '-i', bridge, '-j', 'DROP'),
    filter('FORWARD', '-i', bridge, '-j', chain),
    filter('FORWARD', '-i', bridge, '-j', 'ACCEPT'),
    filter('FORWARD', '-o', bridge, '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT'),
    filter('FORWARD', '-o', bridge, '-j', 'DROP'),
    {
      program: 'iptables',
      table: 'nat',
      chain: 'POSTROUTING',
      spec: ['-s', subnet, '!', '-o', bridge, '-j', 'MASQUERADE'],
    },
    // RUN steps have no IPv6 address of their own, but every link has one.
    filter6('INPUT', '-i', bridge, '-j', 'DROP'),
    filter6('FORWARD', '-i', bridge, '-j', 'DROP'),
  ];
}

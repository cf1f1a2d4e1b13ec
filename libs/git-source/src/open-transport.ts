import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type GitLogin, type GitSource, gitServerName } from '@convox-builds/domain';

import type { GitCall } from './run-git.js';

/** How a git server lets us in. */
export interface GitAccess {
  /** For https and http. */
  readonly login?: GitLogin;
  /** For ssh: a private key in OpenSSH's format, without a passphrase. */
  readonly sshKey?: string;
  /** For ssh: the keys by which the server is known, such as `ssh-ed25519 AAAA…`. None: nothing is believed. */
  readonly hostKeys: readonly string[];
}

/** How a server lets us in, and whom we believe that it is the one. */
interface TransportAccess extends GitAccess {
  /** A file with the certificates (PEM) of all authorities that are believed; default: the machine's. */
  readonly caFile: string | undefined;
}

/** What a call of git needs to speak to one server and to no other. */
export interface Transport {
  readonly call: Pick<GitCall, 'config' | 'environment' | 'wrapper' | 'secret'>;
  /** The ssh that the call uses, without a server; empty unless ssh is spoken. */
  readonly ssh: readonly string[];
  readonly close: () => Promise<void>;
}

/** Ends a transfer that comes to a halt. */
const SLOW_BYTES_PER_SECOND = '1000';
const SLOW_SECONDS = 30;

/** Objects that many an old repository has and that do no harm (git-fsck(1)). */
const HARMLESS_FLAWS = ['missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'zeroPaddedFilemode', 'badTimezone'];

const common = ({ protocol }: GitSource): NonNullable<GitCall['config']> => [
  [`protocol.${protocol}.allow`, 'always'],
  ['protocol.version', '2'],
  ['transfer.fsckObjects', 'true'],
  ...HARMLESS_FLAWS.map((name) => [`fetch.fsck.${name}`, 'ignore'] as const),
  ['fetch.unpackLimit', '1'],
];

/** Only for this server, and only once: whoever asks again got it wrong. */
const HELPER = '!f() { test "$1" = get && cat <&3; }; f';

function openHttp(source: GitSource, address: string, { login, caFile }: TransportAccess): Transport {
  const { protocol, host, port } = source;
  const secret = login === undefined ? '' : `username=${login.username}\npassword=${login.password}\n\n`;
  const config: GitCall['config'] = [
    ...common(source),
    ['http.followRedirects', 'false'],
    ...(caFile === undefined ? [] : [['http.sslCAInfo', caFile] as const]),
    // git looks the name up no more: what was checked is what is connected to.
    [
      'http.curloptResolve',
      `${host.replace(/^\[|\]$/g, '')}:${port}:${address.includes(':') ? `[${address}]` : address}`,
    ],
    ['http.lowSpeedLimit', SLOW_BYTES_PER_SECOND],
    ['http.lowSpeedTime', String(SLOW_SECONDS)],
    ...(login === undefined ? [] : [[`credential.${protocol}://${gitServerName(source)}.helper`, HELPER] as const]),
  ];
  return {
    call: { config, environment: { GIT_ALLOW_PROTOCOL: protocol }, secret },
    ssh: [],
    close: async () => {},
  };
}

/** No file of anybody's configuration, no key but ours, no server but the one whose key is pinned (ssh_config(5)). */
const sshOptions = (address: string, knownHostsFile: string): readonly string[] => [
  ...['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${knownHostsFile}`],
  ...['GlobalKnownHostsFile=/dev/null', 'UpdateHostKeys=no', 'VerifyHostKeyDNS=no', 'HostKeyAlias=git-server'],
  ...[`HostName=${address}`, 'IdentityFile=none', 'PreferredAuthentications=publickey', 'ForwardAgent=no'],
  ...['ClearAllForwardings=yes', 'PermitLocalCommand=no', 'ConnectTimeout=20', 'ServerAliveInterval=10'],
  ...['ServerAliveCountMax=3', 'LogLevel=ERROR'],
];

/**
 * Git runs beside an agent of its own, which has the key from file descriptor 3 and ends with it: the key is in no file,
 * and what ssh itself does not show in its arguments nobody can list.
 */
const withAgent = (socket: string): readonly string[] => [
  ...['ssh-agent', '-a', socket, 'sh', '-c', 'ssh-add -q - <&3 && exec 3<&- "$@"', 'sh'],
];

/** A word of a shell, as it is. */
export const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

async function openSsh(source: GitSource, address: string, { sshKey, hostKeys }: GitAccess): Promise<Transport> {
  // A socket's path has to be short.
  const folder = await mkdtemp(join(tmpdir(), 'git-ssh-'));
  const knownHostsFile = join(folder, 'known-hosts');
  await writeFile(knownHostsFile, hostKeys.map((key) => `git-server ${key}\n`).join(''));
  const ssh = ['ssh', '-F', 'none', ...sshOptions(address, knownHostsFile).flatMap((option) => ['-o', option])];
  const environment = {
    GIT_ALLOW_PROTOCOL: 'ssh',
    GIT_SSH_VARIANT: 'ssh',
    GIT_SSH_COMMAND: ssh.map(quote).join(' '),
  };
  return {
    call: {
      config: common(source),
      environment,
      ...(sshKey === undefined ? {} : { wrapper: withAgent(join(folder, 'agent')), secret: `${sshKey.trim()}\n` }),
    },
    ssh,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Prepares calls of git to one server at one address. Secrets go through a pipe: they are in no argument, no environment
 * and no file.
 */
export async function openTransport(source: GitSource, address: string, access: TransportAccess): Promise<Transport> {
  return source.protocol === 'ssh' ? openSsh(source, address, access) : openHttp(source, address, access);
}

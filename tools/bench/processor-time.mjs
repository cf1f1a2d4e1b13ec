import { readdirSync, readFileSync } from 'node:fs';

/** How `/proc` counts time on Linux: in hundredths of a second (`proc(5)`, USER_HZ). */
const TICKS_A_SECOND = 100;

/** What a process is by its command line; the first that fits. */
const PROGRAMS = {
  buildkitd: /\bbuildkitd\b/,
  api: /\bapps\/api\//,
  worker: /\bapps\/worker\//,
  'rack, embedded database': /\bapps\/rack\//,
  redis: /\bredis-server\b/,
  registry: /\bdocker-registry\b/,
};

const isGone = (error) => error.code === 'ENOENT' || error.code === 'ESRCH';

/** Reads one process: whose child it is, and the seconds that it and its ended children took; `undefined` when it is gone. */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const [, parent, ...fields] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user, system, userOfChildren, systemOfChildren] = fields.slice(9).map((ticks) => ticks / TICKS_A_SECOND);
    return { pid, parent, commandLine, own: user + system, children: userOfChildren + systemOfChildren };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** This process and all below it. */
function listFamily() {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
  const family = all.filter(({ pid }) => pid === process.pid);
  for (const { pid } of family) family.push(...all.filter(({ parent }) => parent === pid));
  return family;
}

const nameOf = ({ pid, commandLine }) =>
  pid === process.pid
    ? 'client'
    : (Object.entries(PROGRAMS).find(([, pattern]) => pattern.test(commandLine))?.[0] ?? 'other');

/**
 * Seconds of processor time that each program of the benchmark has taken so far. What a program has started and waited
 * for is counted apart: runc below the daemon, `buildctl` and `tar` below the client.
 */
export function readProcessorTime() {
  const seconds = new Map();
  const add = (name, value) => seconds.set(name, (seconds.get(name) ?? 0) + value);
  for (const member of listFamily()) {
    add(nameOf(member), member.own);
    add(`${nameOf(member)}, what it started`, member.children);
  }
  return seconds;
}

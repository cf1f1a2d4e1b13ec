import { GitError } from './git-error.js';

const LOGIN = 'give it one with "convox git-credentials add"';

/** What is told of a server, whether git met it or our own calls did. */
export const serverWords = {
  wantsLogin: (server: string) => `${server} wants a login, and the rack has none for it: ${LOGIN}`,
  refusesLogin: (server: string) =>
    `${server} refuses the user and password or token that the rack has for it: ${LOGIN}`,
  refusesKey: (server: string) =>
    `${server} refuses the ssh key that the rack has for it, or the rack has none: ${LOGIN} --ssh-key`,
  forbids: (server: string) => `${server} forbids it to the login that the rack has for it (403)`,
  redirects: (server: string) =>
    `${server} redirects to another address, which is not followed: give the address that it redirects to`,
  isNotTrusted: (server: string) =>
    `the certificate of ${server} is not trusted, or is another server's: the rack's operator can have its authority trusted (GIT_CA_FILE)`,
  answers: (server: string, status: number | string) => `${server} answers with status ${status}`,
  isSlow: (server: string) => `${server} is too slow`,
  isSilent: (server: string) => `${server} does not answer`,
  breaksOff: (server: string) => `the transfer from ${server} broke off`,
} as const;

/** Tells what an answer of a server means that is no success. */
export function explainStatus(status: number, { server, hasLogin }: { server: string; hasLogin: boolean }): GitError {
  if (status === 401) {
    return new GitError('denied', hasLogin ? serverWords.refusesLogin(server) : serverWords.wantsLogin(server));
  }
  if (status === 403) return new GitError('denied', serverWords.forbids(server));
  if (status >= 300 && status < 400) return new GitError('refused', serverWords.redirects(server));
  return new GitError('unavailable', serverWords.answers(server, status));
}

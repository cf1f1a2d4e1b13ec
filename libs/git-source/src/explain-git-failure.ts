import { type GitSource, gitServerName } from '@convox-builds/domain';

import { GitError, type GitErrorCode, RedirectError } from './git-error.js';
import { serverWords } from './server-words.js';
import type { GitProcessError } from './start-confined.js';

type Explain = (server: string, match: RegExpExecArray) => string;
type Explanation = readonly [pattern: RegExp, code: GitErrorCode, text: Explain];

/** What git, curl and ssh write in the C locale, and what is the matter then; the first that fits. */
const EXPLANATIONS: readonly Explanation[] = [
  [
    /HOST IDENTIFICATION HAS CHANGED|Offending \S+ key/,
    'denied',
    (server) =>
      `${server} has another host key than the one that is pinned: if that is meant, pin it with "convox git-hosts add ${server}"`,
  ],
  [
    /Host key verification failed|No \S+ host key is known/,
    'denied',
    (server) => `the host key of ${server} is not known: look it up, and pin it with "convox git-hosts add ${server}"`,
  ],
  [/Permission denied \(|Too many authentication failures/, 'denied', serverWords.refusesKey],
  [/Authentication failed for|returned error: 401/, 'denied', serverWords.refusesLogin],
  [/could not read (?:Username|Password) for/, 'denied', serverWords.wantsLogin],
  [/returned error: 403/, 'denied', serverWords.forbids],
  [
    /repository '[^\n]*' not found|returned error: 404|Repository not found|could not be found|does not appear to be a git repository/,
    'not-found',
    (server) => `there is no such repository on ${server}, or it is not shown without a login`,
  ],
  [/couldn't find remote ref/, 'not-found', () => 'there is no such branch, tag or commit'],
  [
    /bad object|fsck error|error in packed object|object corrupt|loose object|inflate: data stream error|hasDot\w+/i,
    'refused',
    (_server) => 'its objects make no sense or could do harm',
  ],
  [
    /SSL certificate problem|server certificate verification failed|SSL: (?:no alternative )?certificate/,
    'refused',
    serverWords.isNotTrusted,
  ],
  [
    /dumb http transport|not valid: is this a git repository|mismatched algorithms/,
    'refused',
    (server) => `${server} does not answer as a git server does that speaks smart HTTP and SHA-1`,
  ],
  [/returned error: (\d{3})/, 'unavailable', (server, [, status = '']) => serverWords.answers(server, status)],
  [/Operation too slow|timed out|Timeout/i, 'unavailable', serverWords.isSlow],
  [
    /Failed to connect|Couldn't connect|Connection refused|No route to host|Network is unreachable/,
    'unavailable',
    serverWords.isSilent,
  ],
];

const REDIRECTION = /unable to update url base from redirection|returned error: 30\d/;

/** What the server wrote by itself does not decide. */
const withoutServersWords = (stderr: string) => stderr.replace(/^remote: .*$/gm, '');

/** The last word of git itself, where it is plain: what comes from the server is not shown to anybody. */
function lastWord(stderr: string): string {
  const word = stderr.split('\n').findLast((line) => /^(?:fatal|error): [\w ,.'-]{1,100}$/.test(line));
  return word === undefined || word.includes('remote error') ? '' : ` (${word})`;
}

/** Tells from what git wrote why it failed. What fits nothing is taken for a failure on the way, which may pass. */
export function explainGitFailure(error: GitProcessError, source: GitSource): GitError {
  const stderr = withoutServersWords(error.stderr);
  const server = gitServerName(source);
  if (REDIRECTION.test(stderr)) return new RedirectError(serverWords.redirects(server), { cause: error });
  for (const [pattern, code, explain] of EXPLANATIONS) {
    const match = pattern.exec(stderr);
    if (match !== null) return new GitError(code, explain(server, match), { cause: error });
  }
  return new GitError('unavailable', `${serverWords.breaksOff(server)}${lastWord(stderr)}`, { cause: error });
}

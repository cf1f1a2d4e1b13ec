import { createGitCredentialSchema, pinGitHostSchema, removeGitCredentialSchema } from '../requests/git.js';
import type { Route } from './route.js';

/** Credentials of the whole rack, or of an app. */
function credentialRoutes(prefix: string, whose: string): Route[] {
  const app404: Record<number, string> = prefix === '' ? {} : { 404: 'app not found: myapp' };
  return [
    {
      method: 'GET',
      path: `${prefix}/git-credentials`,
      summary: `List credentials for git servers, of ${whose}; secrets are not answered back`,
      answer: { kind: 'list', of: 'GitCredential' },
      errors: app404,
    },
    {
      method: 'POST',
      path: `${prefix}/git-credentials`,
      summary: `Add a credential for a git server, for ${whose}, or replace it`,
      input: createGitCredentialSchema,
      example: { host: 'git.example.org', username: 'someone', secret: 'a token' },
      answer: { kind: 'ok' },
      errors: app404,
    },
    {
      method: 'DELETE',
      path: `${prefix}/git-credentials/{host}`,
      summary: `Remove the credentials of ${whose} for a git server`,
      input: removeGitCredentialSchema,
      answer: { kind: 'ok' },
      errors: { 404: 'git credential not found: git.example.org' },
    },
  ];
}

/** How private git repositories are reached. */
export const gitRoutes: readonly Route[] = [
  ...credentialRoutes('', 'the whole rack'),
  ...credentialRoutes('/apps/{app}', 'an app'),
  {
    method: 'GET',
    path: '/git-hosts',
    summary: 'List the keys by which ssh servers are known: those that are pinned, then those that come with the rack',
    answer: { kind: 'list', of: 'GitHost' },
  },
  {
    method: 'POST',
    path: '/git-hosts',
    summary: 'Tell by which keys an ssh server is known',
    input: pinGitHostSchema,
    example: {
      host: 'git.example.org',
      keys: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    },
    answer: { kind: 'list', of: 'GitHost' },
  },
  {
    method: 'DELETE',
    path: '/git-hosts/{host}',
    summary: 'Forget the keys of an ssh server',
    answer: { kind: 'ok' },
    errors: { 404: 'git host not found: git.example.org' },
  },
];

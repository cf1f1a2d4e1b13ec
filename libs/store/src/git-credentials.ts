import type { Knex } from 'knex';

import type { GitCredentialRow } from './git-rows.js';

/** What lets the rack in at a git server. */
export type GitCredentialKind = 'token' | 'ssh-key';

/** Names a credential: there is one of each kind for each server, of the rack and of each app. */
export interface GitCredentialName {
  /** `undefined`: of the whole rack. */
  readonly app: string | undefined;
  /** With the port, unless it is the usual one. */
  readonly host: string;
  readonly kind: GitCredentialKind;
}

/** A credential for a git server, as people may see it. */
export interface GitCredential extends GitCredentialName {
  /** `''` for keys. */
  readonly username: string;
  /** By which its owner knows it. */
  readonly fingerprint: string;
  readonly createdAt: Date;
}

/** A credential with its secret, which {@link SecretBox} has sealed for {@link gitCredentialPlace}. */
export interface SealedGitCredential extends Omit<GitCredential, 'createdAt'> {
  readonly sealed: string;
}

/** The credentials for git servers. */
export interface GitCredentialRepository {
  /** Those of one app, or of the rack, by host. */
  list(app: string | undefined): Promise<GitCredential[]>;
  /** Stores one in the place of the one that was there. */
  save(credential: SealedGitCredential): Promise<void>;
  /** Removes the credentials for a server, of one kind or of both; `false` when there was none. */
  remove(name: { app: string | undefined; host: string; kind?: GitCredentialKind | undefined }): Promise<boolean>;
  /** What an app is to use: its own, or else that of the app that it is a review of, or else the rack's. */
  find(name: { app: string; host: string; kind: GitCredentialKind }): Promise<SealedGitCredential | undefined>;
}

/** Where the secret of a credential is stored, for its seal. */
export function gitCredentialPlace({ app = '', host, kind }: GitCredentialName): string {
  return `git-credentials/${app}/${host}/${kind}`;
}

const ofApp = (app: string | undefined) => (query: Knex.QueryBuilder) =>
  app === undefined ? query.whereNull('app') : query.where({ app });

function sealedFromRow({ app, created_at: _at, ...columns }: GitCredentialRow): SealedGitCredential {
  return { app: app ?? undefined, ...columns };
}

function credentialFromRow(row: GitCredentialRow): GitCredential {
  const { sealed: _sealed, ...credential } = sealedFromRow(row);
  return { ...credential, createdAt: row.created_at };
}

/** Opens the credentials of a database. */
export function createGitCredentialRepository(knex: Knex): GitCredentialRepository {
  const of = (app: string | undefined) => knex('git_credentials').where(ofApp(app));
  return {
    list: async (app) => (await of(app).orderBy(['host', 'kind'])).map(credentialFromRow),
    save: ({ app, host, kind, username, fingerprint, sealed }) =>
      knex.transaction(async (transaction) => {
        await transaction('git_credentials').where({ host, kind }).where(ofApp(app)).delete();
        const row = { app: app ?? null, host, kind, username, fingerprint, sealed };
        await transaction('git_credentials').insert(row);
      }),
    remove: async ({ app, host, kind }) =>
      (await of(app)
        .where(kind === undefined ? { host } : { host, kind })
        .delete()) > 0,
    find: async ({ app, host, kind }) => {
      const rows = await knex('git_credentials')
        .where({ host, kind })
        .whereRaw('(app IS NULL OR app IN (?, (SELECT of_app FROM review_apps WHERE app = ?)))', [app, app])
        .orderByRaw('app IS NULL, app <> ?', [app]);
      return rows.map(sealedFromRow).at(0);
    },
  };
}

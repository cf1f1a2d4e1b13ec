import type { Knex } from 'knex';

import { type ClaimPolls, claimPolls, DUE_POLLS, type DuePoll } from './claim-polls.js';
import { inMs, NOW } from './claims.js';
import type { PolledRepositoryRow } from './git-rows.js';
import { runIfAny } from './run-if-any.js';

/** A repository that is looked at again and again. */
export interface PolledRepository {
  readonly id: string;
  /** `undefined`: of the whole rack. */
  readonly app: string | undefined;
  /** Its address; there is no secret in it. */
  readonly remote: string;
  /** When it was found last; `undefined` before the first time. */
  readonly polledAt: Date | undefined;
  readonly nextPollAt: Date;
  /** How often it failed since then, and why. */
  readonly failures: number;
  readonly lastError: string;
}

/** Why a look failed, and what comes of it. */
export interface PollFailure {
  /** One line, without secrets. */
  readonly reason: string;
  readonly retryAfterMs: number;
  /** For how long the server is left alone, with all of its repositories, by how often it did not answer in a row. */
  readonly silenceMs?: (failures: number) => number;
}

/** The repositories in git that are polled. */
export interface PolledRepositories {
  /** Polls a repository from now on; answers the id, which is the one that it has when it is polled already. */
  add(repository: { app: string | undefined; remote: string; server: string }): Promise<string>;
  /** Polls it no more; `false` when it was not polled. */
  remove(id: string): Promise<boolean>;
  /** Those of one app, or of the rack, by address. */
  list(app: string | undefined): Promise<PolledRepository[]>;
  /** Those of all apps. */
  listOfApps(): Promise<PolledRepository[]>;
  /** Takes repositories that are due; no two callers get the same one as long as its lease holds. */
  claim(options: ClaimPolls): Promise<DuePoll[]>;
  /** Records what was found. `false`: the lease ran out, and somebody else looks. */
  record(poll: DuePoll, found: { refs: Readonly<Record<string, string>>; nextPollMs: number }): Promise<boolean>;
  /** Records that it could not be looked at; what was known stays known. */
  fail(poll: DuePoll, failure: PollFailure): Promise<boolean>;
  /** Hands one back that was not looked at to the end. */
  release(poll: DuePoll): Promise<void>;
}

const unowned = { owner: '', lease_expires_at: null } as const;

const fromRow = (row: PolledRepositoryRow): PolledRepository => ({
  id: row.id,
  app: row.app ?? undefined,
  remote: row.remote,
  polledAt: row.polled_at ?? undefined,
  nextPollAt: row.next_poll_at,
  failures: row.failures,
  lastError: row.last_error,
});

/** Counts that a server did not answer, once for each time that it was left alone. */
async function silence(knex: Knex, id: string, silenceMs: (failures: number) => number): Promise<void> {
  const found = await knex('polled_repositories').where({ id }).first('server');
  if (found === undefined) return;
  const { server } = found;
  const before = await knex('silent_git_servers').where({ server }).whereRaw(`not_before > ${NOW}`).first('server');
  if (before !== undefined) return;
  const [row] = await knex('silent_git_servers')
    .insert({ server, failures: 1, not_before: knex.raw(NOW) })
    .onConflict('server')
    .merge({ failures: knex.raw('silent_git_servers.failures + 1') })
    .returning('failures');
  await knex('silent_git_servers')
    .where({ server })
    .update({ not_before: inMs(knex, silenceMs(row?.failures ?? 1)) });
}

async function fail(knex: Knex, { id, owner }: DuePoll, failure: PollFailure): Promise<boolean> {
  const { reason, retryAfterMs, silenceMs } = failure;
  const next = { failures: knex.raw('failures + 1'), last_error: reason, next_poll_at: inMs(knex, retryAfterMs) };
  const isOurs =
    (await knex('polled_repositories')
      .where({ id, owner })
      .update({ ...unowned, ...next })) > 0;
  if (isOurs && silenceMs !== undefined) await silence(knex, id, silenceMs);
  return isOurs;
}

async function record(
  knex: Knex,
  { id, owner }: DuePoll,
  { refs, nextPollMs }: { refs: Readonly<Record<string, string>>; nextPollMs: number },
): Promise<boolean> {
  const found = { known_refs: JSON.stringify(refs), polled_at: knex.raw(NOW), failures: 0, last_error: '' };
  const rows = await knex('polled_repositories')
    .where({ id, owner })
    .update({ ...unowned, ...found, next_poll_at: inMs(knex, nextPollMs) })
    .returning('server');
  if (rows[0] !== undefined) await knex('silent_git_servers').where({ server: rows[0].server }).delete();
  return rows.length > 0;
}

/** Opens the polled repositories of a database. */
export function createPolledRepositories(knex: Knex): PolledRepositories {
  return {
    add: async ({ app, remote, server }) => {
      await knex('polled_repositories')
        .insert({ app: app ?? null, remote, server })
        .onConflict(knex.raw("(remote, coalesce(app, ''))"))
        .ignore();
      const found = await knex('polled_repositories')
        .where({ remote })
        .whereRaw("coalesce(app, '') = ?", [app ?? ''])
        .first('id');
      if (found === undefined) throw new Error(`Cannot poll "${remote}": it was removed meanwhile`);
      return found.id;
    },
    remove: async (id) => (await knex('polled_repositories').where({ id }).delete()) > 0,
    list: async (app) =>
      (
        await knex('polled_repositories')
          .whereRaw("coalesce(app, '') = ?", [app ?? ''])
          .orderBy('remote')
      ).map(fromRow),
    listOfApps: async () => (await knex('polled_repositories').whereNotNull('app').orderBy('remote')).map(fromRow),
    claim: (options) => runIfAny(knex, DUE_POLLS, (transaction) => claimPolls(transaction, options)),
    record: (poll, found) => knex.transaction((transaction) => record(transaction, poll, found)),
    fail: (poll, failure) => knex.transaction((transaction) => fail(transaction, poll, failure)),
    release: async ({ id, owner }) => {
      await knex('polled_repositories').where({ id, owner }).update(unowned);
    },
  };
}

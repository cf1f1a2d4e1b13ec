import { GitError, type RemoteRef } from '@convox-builds/git-source';
import type { Logger } from '@convox-builds/runtime';
import type { DuePoll, Store } from '@convox-builds/store';

import { type Sender, startSender } from '../outgoing/start-sender.js';
import { findRefChanges, type RefChange } from './find-ref-changes.js';
import { findNextPollMs, findSilenceMs } from './poll-delays.js';

/** Each is a git of its own. */
const AT_ONCE = 16;
/** So that a server that is slow takes no more than its share. */
const PER_SERVER = 4;
/** What is known of a repository stands in one row. */
const MAX_REFS = 10_000;

/** What a poller works with. */
export interface PollerParts {
  readonly store: Pick<Store, 'polledRepositories'>;
  readonly logger: Logger;
  /** Between two looks at a repository. */
  readonly everyMs: number;
  /** How long a look may take. */
  readonly timeoutMs: number;
  /** Lists branches and tags. Throws {@link GitError}. */
  readonly list: (poll: Pick<DuePoll, 'app' | 'remote'>, signal: AbortSignal) => Promise<readonly RemoteRef[]>;
  /** Told of each change at least once: again when it rejects, or when we end before it is written down that it was told. */
  readonly onChange: (poll: Pick<DuePoll, 'id' | 'app' | 'remote'>, change: RefChange) => Promise<void>;
}

async function look(poll: DuePoll, parts: PollerParts, signal: AbortSignal): Promise<Record<string, string>> {
  const found = await parts.list(poll, signal);
  if (found.length > MAX_REFS) {
    throw new GitError('too-large', `it has more than ${MAX_REFS} branches and tags: use a webhook`);
  }
  const refs = Object.fromEntries(found.map(({ name, id }) => [name, id]));
  // At the first look everything is new, and nothing has changed.
  const changes = poll.knownRefs === undefined ? [] : findRefChanges(poll.knownRefs, refs);
  for (const change of changes) await parts.onChange(poll, change);
  return refs;
}

async function fail(poll: DuePoll, error: unknown, { store, logger, everyMs }: PollerParts): Promise<void> {
  const { id, failures } = poll;
  if (!(error instanceof GitError)) logger.warn({ err: error, pollId: id }, 'Cannot poll a repository');
  await store.polledRepositories.fail(poll, {
    reason: error instanceof GitError ? error.message : 'the rack failed',
    retryAfterMs: findNextPollMs(everyMs, failures + 1),
    ...(error instanceof GitError && error.code === 'unavailable' ? { silenceMs: findSilenceMs } : {}),
  });
}

/** Starts what looks at repositories, together with the pollers of the other replicas: one looks at each at a time. */
export function startPoller(parts: PollerParts): Sender {
  const { store, logger, everyMs, timeoutMs } = parts;
  const { polledRepositories } = store;
  return startSender({
    name: 'polls',
    logger,
    atOnce: AT_ONCE,
    tryMs: timeoutMs,
    claim: (lease) => polledRepositories.claim({ ...lease, perServer: PER_SERVER }),
    release: (poll) => polledRepositories.release(poll),
    send: async (poll, stopping) => {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
      try {
        const refs = await look(poll, parts, signal);
        await polledRepositories.record(poll, { refs, nextPollMs: findNextPollMs(everyMs) });
      } catch (error) {
        stopping.throwIfAborted();
        await fail(poll, error, parts);
      }
    },
  });
}

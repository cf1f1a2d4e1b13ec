import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';

import type { Cluster } from '../cluster/cluster.js';
import { type AcceptedBuild, APP, type Bench } from './bench.js';
import { createArchive, type StepSize } from './create-archive.js';
import { followLog, type SeenStream } from './follow-log.js';
import { type RackClient, RefusedError } from './rack-client.js';

/** What a build is when nothing else is said. */
export const SIZE: StepSize = { lines: 8, pauseSeconds: 0.25 };

/** The clients of a bench: they submit builds, follow their logs, and cancel them. */
export interface Submitter extends Pick<Bench, 'accepted' | 'submit' | 'cancel'> {
  /** Follows no log any more. */
  readonly stop: () => Promise<void>;
}

/** Makes sources, each once. */
function createArchives(folder: string): (size: StepSize) => Promise<Buffer> {
  const archives = new Map<string, Promise<Buffer>>();
  return (size) => {
    const key = JSON.stringify(size);
    const archive = archives.get(key) ?? createArchive(folder, size);
    archives.set(key, archive);
    return archive;
  };
}

/** Makes the clients of a bench. */
export function createSubmitter(cluster: Cluster, client: RackClient): Submitter {
  const accepted: AcceptedBuild[] = [];
  const cancelled = new Set<string>();
  const followers: Promise<void>[] = [];
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const archiveOf = createArchives(cluster.folder);

  async function upload(size: StepSize): Promise<string> {
    const answer = await client.postPatiently(`/apps/${APP}/objects/`, await archiveOf(size));
    return (JSON.parse(answer) as { Url: string }).Url;
  }

  async function create(url: string): Promise<string> {
    const key = randomBytes(6).toString('hex');
    const mark = `${cluster.folder}#${key}`;
    const form = new URLSearchParams({ url, 'build-args-json': JSON.stringify([`MARK=${mark}`]) });
    const path = `/apps/${APP}/builds`;
    const { id } = JSON.parse(await client.postPatiently(path, form, { 'idempotency-key': key })) as { id: string };
    return id;
  }

  function follow(id: string): readonly SeenStream[] {
    const streams: SeenStream[] = [];
    const target = { app: APP, buildId: id, replica: followers.length };
    const onStream = (stream: SeenStream) => void streams.push(stream);
    followers.push(followLog(cluster, target, { signal: stopping.signal, onStream }));
    return streams;
  }

  return {
    accepted,
    submit: async ({ gitUrl, ...given } = {}) => {
      const size = { ...SIZE, ...given };
      const id = await create(gitUrl ?? (await upload(size)));
      const build = { id, lines: size.lines, isCancelled: () => cancelled.has(id), streams: follow(id) };
      accepted.push(build);
      return build;
    },
    cancel: async ({ id }) => {
      try {
        await client.postPatiently(`/apps/${APP}/builds/${id}/cancel`, new URLSearchParams());
        cancelled.add(id);
      } catch (error) {
        // It has ended already.
        if (!(error instanceof RefusedError && error.status === 409)) throw error;
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(followers);
    },
  };
}

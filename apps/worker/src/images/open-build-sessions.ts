import { createHash } from 'node:crypto';

import {
  type Attachable,
  type FileSource,
  fileSync,
  openSession,
  pinImages,
  registryAuth,
  type Session,
  secrets,
  type TarSource,
} from '@convox-builds/buildkit-client';
import { parseImageReference } from '@convox-builds/domain';
import type { BuildPlan, PlannedBuild } from '@convox-builds/manifest';

import type { Attempt } from '../attempt.js';
import type { WorkerParts } from '../worker-parts.js';
import { locateDockerfile } from './locate-dockerfile.js';
import { openBasePins } from './open-base-pins.js';
import type { FindLogin } from './registry-logins.js';

/** The sessions of one build. */
export interface BuildSessions {
  /** The session that serves an image's files. */
  readonly of: (image: PlannedBuild) => Session;
  /** Opens another one, over which the daemon asks anew who we are. What runs over the former one goes on. */
  readonly renew: (image: PlannedBuild) => void;
  readonly close: () => Promise<void>;
}

/** A key of the app's own, for one purpose; nobody outside can guess it. */
export function deriveKey(sourceKey: string, purpose: string): string {
  return createHash('sha256').update(`${purpose}\n${sourceKey}`).digest('hex');
}

/** What an image's files are served from. */
const foldersOf = (image: PlannedBuild) => [image.path, locateDockerfile(image).folder].join('\n');

/** Images with the same folders can share a session, if they may read the same secrets: any step of a session can ask for them. */
const sessionKey = (image: PlannedBuild) => JSON.stringify([foldersOf(image), image.secrets]);

function credentialServices(
  { app, environment }: Attempt,
  { image, findLogin }: { image: PlannedBuild; findLogin: FindLogin },
  { registryGate }: WorkerParts,
): Attachable[] {
  return [
    secrets({ get: async (id) => (image.secrets.includes(id) ? environment.get(id) : undefined) }),
    registryAuth({
      identity: deriveKey(app.sourceKey, 'registry'),
      isTokenHost: registryGate.isTokenHost,
      getCredentials: findLogin,
      mintToken: async ({ scopes }) => registryGate.mintBuildToken(app.name, scopes),
    }),
  ];
}

interface BuildSources {
  readonly context: FileSource;
  readonly dockerfile: FileSource;
}

function fileService({ context, dockerfile }: BuildSources, { log, logger }: Attempt): Attachable {
  return fileSync({
    sources: { context, dockerfile },
    onSynced: (stats) => {
      // Single files are the Dockerfile and its .dockerignore.
      if (stats.entries > 1)
        log.line(`source: ${stats.entries} entries, ${stats.files} new or changed (${stats.bytes} bytes)`);
      logger.debug({ ...stats }, 'Source synced');
    },
  });
}

/** What sessions are opened for. */
interface SessionsToOpen {
  readonly attempt: Attempt;
  readonly source: TarSource;
  readonly plan: BuildPlan;
  /** Who we are at the registries of base images. */
  readonly findLogin: FindLogin;
  readonly signal: AbortSignal;
}

/**
 * Opens the channels on which buildkitd asks this build for files, registry tokens and secrets: one for each folder that
 * is a build context (and each that has its Dockerfile), because the Dockerfile frontend always calls the context by the same name,
 * and one for each set of secrets.
 *
 * Their shared keys are the app's own and unguessable: they make the next build send only what changed, and they keep one
 * app's files from another.
 */
export async function openBuildSessions(
  { attempt, source, plan, findLogin, signal }: SessionsToOpen,
  parts: WorkerParts,
): Promise<BuildSessions> {
  const client = await parts.buildkitd.client(signal);
  const pins = pinImages({
    ...(await openBasePins(attempt, parts)),
    refuseImage: (reference) => parts.registryGate.refuseImage(attempt.app.name, parseImageReference(reference)),
    refusePlace: parts.fence.refuse,
  });
  const opened: Session[] = [];
  const current = new Map<string, Session>();
  const open = (image: PlannedBuild) => {
    const context = source.subfolder(image.path);
    const { folder } = locateDockerfile(image);
    const dockerfile = folder === image.path ? context : source.subfolder(folder);
    const credentials = credentialServices(attempt, { image, findLogin }, parts);
    const attachables = [fileService({ context, dockerfile }, attempt), pins, ...credentials];
    const sharedKey = deriveKey(attempt.app.sourceKey, `source ${foldersOf(image)}`);
    const session = openSession(client, { sharedKey, signal, attachables });
    opened.push(session);
    current.set(sessionKey(image), session);
  };
  for (const image of plan.images) if (image.kind === 'build' && !current.has(sessionKey(image))) open(image);
  return {
    of: (image) => {
      const session = current.get(sessionKey(image));
      if (session === undefined) throw new TypeError(`Cannot build "${image.path}": it is not in the plan`);
      return session;
    },
    renew: open,
    close: async () => {
      await Promise.all(opened.map((session) => session.close()));
    },
  };
}

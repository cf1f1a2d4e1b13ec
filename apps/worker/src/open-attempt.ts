import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isObjectUrl, parseEnvironment } from '@convox-builds/domain';
import { createMaskedLogger } from '@convox-builds/runtime';
import type { BuildRecord, Claim } from '@convox-builds/store';

import { type Attempt, type AttemptReport, AttemptStop } from './attempt.js';
import { createBuildLog } from './build-log/build-log.js';
import { createSecretMasker } from './build-log/mask-secrets.js';
import { findBuildLogin } from './find-build-login.js';
import { startAttemptSpan } from './tracing/start-attempt-span.js';
import type { WorkerParts } from './worker-parts.js';

/** What a worker writes its claim on a build with. */
export const claimOf = ({ id, attempt, worker }: BuildRecord): Claim => ({ buildId: id, attempt, worker });

/** The folder of an attempt. */
export const folderOf = ({ id, attempt }: BuildRecord, { settings }: Pick<WorkerParts, 'settings'>) =>
  join(settings.folder, 'builds', `${id}-${attempt}`);

/** What the steps of an attempt need besides its report, and the secrets among it. */
interface AttemptInputs extends Omit<Attempt, keyof AttemptReport> {
  readonly secrets: readonly string[];
}

/**
 * Reads what an attempt needs, and makes its folder.
 *
 * @throws {AttemptStop} `lost` when the app is gone
 */
export async function readInputs(build: BuildRecord, parts: WorkerParts): Promise<AttemptInputs> {
  const { store } = parts;
  const app = await store.apps.find(build.app);
  if (app === undefined) throw new AttemptStop('lost');
  const latest = await store.releases.latest(build.app);
  const environment = parseEnvironment(latest?.environment ?? '');
  const login = isObjectUrl(build.source) ? Promise.resolve(undefined) : findBuildLogin(build.id, parts);
  // One that cannot be opened fails the step that needs it.
  const password = (await login.catch(() => undefined))?.password;
  const folder = folderOf(build, parts);
  await mkdir(folder, { recursive: true });
  const secrets = [...environment.values(), ...(password === undefined ? [] : [password])];
  return { app, environment, login, folder, secrets };
}

/** Opens what tells of an attempt, without the secrets that are known of it. */
export async function openReport(
  build: BuildRecord,
  { secrets, controller }: { secrets: readonly string[]; controller: AbortController },
  parts: WorkerParts,
): Promise<AttemptReport> {
  const { store, settings, announcer, metrics } = parts;
  const { signal } = controller;
  const startedAt = new Date();
  const claim = claimOf(build);
  const log = createBuildLog({
    append: (bytes, options) => store.logs.append(claim, bytes, options),
    announce: (seq) => announcer.announceLog(build.id, seq),
    onFenced: () => controller.abort(new AttemptStop('lost')),
    onBytes: (result, bytes) => metrics.logBytes.inc({ result }, bytes),
    masker: createSecretMasker(secrets),
    maxBytes: settings.logLimitBytes,
    signal,
  });
  const span = await startAttemptSpan(build, { mask: log.mask, startedAt }, parts);
  const { id: buildId, attempt } = build;
  const fields = { buildId, attempt, app: build.app, traceId: span.traceId };
  // What the daemon says of a step has the values of its arguments in it.
  const logger = createMaskedLogger(parts.logger, { fields, mask: log.mask });
  return { build, claim, log, logger, span, signal };
}

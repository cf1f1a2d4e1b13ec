import { serviceImageTag } from '@convox-builds/domain';
import type { CommandCall } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { readAppEnvironment } from '../options/app-environment.js';
import { createBuildctlEngine } from './buildctl-engine.js';
import { createDockerEngine } from './docker-engine.js';
import type { EngineOptions, PushAccess, PushImage } from './engine.js';
import type { EngineName } from './find-engine.js';
import { type ExternalSource, planExternal } from './plan-external.js';
import { createRunEngine } from './run-engine.js';
import { writePushSettings } from './write-push-settings.js';

/** One build on this machine. */
export interface ExternalRun {
  readonly build: Build;
  readonly source: ExternalSource;
  readonly text: string;
  readonly name: EngineName;
  readonly workFolder: string;
}

interface PushOptions {
  readonly write: (bytes: Buffer) => Promise<void>;
  readonly signal: AbortSignal;
}

function readAccess(repository: string): PushAccess {
  if (!URL.canParse(repository)) throw new Error('this rack takes no external builds: it names no registry to push to');
  const { protocol, host, pathname, username, password } = new URL(repository);
  return {
    host,
    repository: `${host}${pathname.replace(/\/+$/, '')}`,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    isPlainHttp: protocol === 'http:',
  };
}

function createEngine(name: EngineName, options: EngineOptions): PushImage {
  return name === 'buildctl' ? createBuildctlEngine(options) : createDockerEngine(name, options);
}

/** Builds and pushes all images, one after the other: the engine has its own ways to do things at once. */
async function pushAll(
  call: CommandCall,
  { build, source, text, name, workFolder }: ExternalRun,
  { write, signal }: PushOptions,
): Promise<void> {
  const access = readAccess(build.repository);
  const { inherited, dockerConfig } = call.environment;
  const environment = await readAppEnvironment(call, undefined);
  const pushImage = createEngine(name, {
    run: createRunEngine({ name, inherited, write, signal }),
    access,
    folder: source.folder,
    workFolder,
    environment,
    inherited,
    isCacheRefused: call.flag('no-cache'),
  });
  const images = planExternal(text, source, { environment, warn: (line) => call.output.warn(line) });
  writePushSettings(workFolder, { access, own: dockerConfig });
  for (const plan of images) {
    const references = plan.services.map((service) => `${access.repository}:${serviceImageTag(service, build.id)}`);
    await pushImage({ plan, references });
  }
}

/**
 * Builds a plan's images and pushes them to the rack. Ctrl-C ends it.
 *
 * @throws {Error} when the rack takes none, the manifest is wrong, or the engine fails
 */
export async function pushImages(call: CommandCall, run: ExternalRun, write: PushOptions['write']): Promise<void> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    await pushAll(call, run, { write, signal: interrupt.signal });
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

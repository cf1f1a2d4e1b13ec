import { type Environment, formatEnvironment, parseEnvironment } from '@convox-builds/domain';
import { promoteRelease } from '../build/promote-release.js';
import { type CommandCall, type OptionDefinition, printResult } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';

/** Selects the release whose environment is meant. */
export const RELEASE_OPTION: OptionDefinition = {
  flags: '--release <id>',
  description: 'release that is meant (default: the latest)',
};

/** Promotes what the command creates. */
export const PROMOTE_OPTION: OptionDefinition = {
  flags: '-p, --promote',
  description: 'promote the new release',
};

/** Reads the environment of a release, by default the latest; an app without releases has an empty one. */
export async function readAppEnvironment(call: CommandCall, releaseId: string | undefined): Promise<Environment> {
  const [rack, app] = [call.rack(), call.appName()];
  const id = releaseId ?? (await rack.listReleases(app, { limit: '1' }))[0]?.id;
  // Lists may withhold the values, so that the release itself is asked.
  return parseEnvironment(id === undefined ? '' : (await rack.getRelease(app, id)).environmentText);
}

/** What {@link writeAppEnvironment} writes, and how it is announced. */
export interface EnvironmentChange {
  readonly environment: Environment;
  /** e.g. `Setting A, B` */
  readonly title: string;
  readonly parentId: string | undefined;
}

/** Creates a release with this environment, promotes it with `--promote`, and prints it. */
export async function writeAppEnvironment(call: CommandCall, { environment, title, parentId }: EnvironmentChange) {
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  output.start(title);
  const parent: WireParameters = parentId === undefined ? {} : { 'parent-release': parentId };
  const release = await rack.createRelease(app, { env: formatEnvironment(environment), ...parent });
  output.ok();
  output.line(`Release: ${release.id}`);
  if (call.flag('promote')) await promoteRelease(rack, { app, id: release.id, isForced: false, output });
  if (call.isJson) printResult(call, { json: release.json, text: '' });
  else if (call.flag('id')) output.result(release.id);
}

import { APP_OPTION, type CommandCall, ID_OPTION, type OptionDefinition } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';
import { packSource } from '../pack/pack-source.js';
import { buildParameters, PARAMETER_OPTIONS } from './build-parameters.js';
import { createBuildOnce } from './create-build-once.js';
import { describeSource } from './describe-source.js';
import { followLog } from './follow-log.js';
import { assertBuildsFromGit, findGitAddress } from './git-address.js';
import { uploadSource } from './upload-source.js';
import { watchInterrupt } from './watch-interrupt.js';

/** The options of `build` and `deploy`. */
export const BUILD_OPTIONS: readonly OptionDefinition[] = [
  APP_OPTION,
  ...PARAMETER_OPTIONS,
  ID_OPTION,
  { flags: '--external', description: 'build on this machine (not supported yet)', isHidden: true },
];

/** What a build is made of, as the rack is told. */
interface Source {
  readonly url: string;
  readonly parameters: WireParameters;
}

/** Nothing is uploaded: the rack fetches it, and finds out the commit. */
async function nameRepository(call: CommandCall, address: { url: string; shown: string }): Promise<Source> {
  const rack = call.rack();
  const parameters = buildParameters(call, { commit: undefined, branch: undefined, description: undefined });
  await assertBuildsFromGit(rack, address.shown);
  return { url: address.url, parameters };
}

async function uploadFolder(call: CommandCall, folder: string): Promise<Source> {
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  if (call.flag('submodules')) throw new Error('--submodules is for git repositories: a folder is sent as it is');
  const parameters = buildParameters(call, await describeSource(folder));

  output.start('Packaging source');
  const source = packSource(folder, {
    manifest: parameters.manifest ?? 'convox.yml',
    warn: (text) => output.warn(`warning: ${text}`),
  });
  output.ok();

  // An unknown app or a wrong password should not cost an upload.
  await rack.getApp(app);
  return { url: await uploadSource(rack, source, { app, output }), parameters };
}

function assertComplete(build: Build): Build {
  if ((build.state ?? build.status) === 'complete') return build;
  const reason = build.reason.trim().replace(/\s*\n\s*/g, ' ');
  throw new Error(reason === '' ? 'build failed' : `build failed: ${reason}`);
}

/**
 * Builds a folder or a git repository on the rack: packs and uploads the one, names the other, starts, follows the log.
 *
 * @param urgency its `lane`, unless a person waits for it
 * @returns the complete build
 * @throws {Error} `build failed: <reason>` when it does not end well
 */
export async function runBuild(call: CommandCall, urgency: WireParameters = {}): Promise<Build> {
  const { output } = call;
  const given = call.words[0] ?? '.';
  if (call.flag('external')) throw new Error('--external is not supported yet');
  const [rack, app] = [call.rack(), call.appName()];
  const address = findGitAddress(given);
  const source = await (address === undefined ? uploadFolder(call, given) : nameRepository(call, address));

  output.start('Starting build');
  const { id } = await createBuildOnce(rack, app, { url: source.url, ...urgency, ...source.parameters });
  output.ok();

  const interrupt = watchInterrupt(rack, { app, id, output });
  const onIncomplete = (text: string) => output.warn(`warning: ${text}`);
  try {
    return assertComplete(await followLog(rack, { app, id, write: interrupt.log, onIncomplete }));
  } finally {
    interrupt.stop();
  }
}

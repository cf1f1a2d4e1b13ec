import { APP_OPTION, type CommandCall, ID_OPTION, type OptionDefinition } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';
import { readPipedText } from '../options/read-piped-text.js';
import { packSource } from '../pack/pack-source.js';
import { buildParameters, PARAMETER_OPTIONS } from './build-parameters.js';
import { createBuildOnce } from './create-build-once.js';
import { describeSource } from './describe-source.js';
import { assertBuildsFromGit, findGitAddress, type GitAddress, withToken } from './git-address.js';
import { uploadSource } from './upload-source.js';

/** The options of `build` and `deploy`. */
export const BUILD_OPTIONS: readonly OptionDefinition[] = [
  APP_OPTION,
  ...PARAMETER_OPTIONS,
  ID_OPTION,
  {
    flags: '--git-token-stdin',
    description: 'read a token for the git server from stdin; one in the address can be seen by others on this machine',
  },
  { flags: '--external', description: 'build on this machine, and push to the rack' },
  {
    flags: '--engine <name>',
    description: 'what --external builds with: docker, podman or buildctl (default: what is there)',
  },
];

/** What a build is made of, as the rack is told. */
interface Source {
  readonly url: string;
  readonly parameters: WireParameters;
}

/** Nothing is uploaded: the rack fetches it, and finds out the commit. */
async function nameRepository(call: CommandCall, address: GitAddress): Promise<Source> {
  const parameters = buildParameters(call, { commit: undefined, branch: undefined, description: undefined });
  const isPiped = call.flag('git-token-stdin');
  const { url } = isPiped ? withToken(address, (await readPipedText('-', 'token')).trim()) : address;
  await assertBuildsFromGit(call.rack(), address.shown);
  return { url, parameters };
}

async function uploadFolder(call: CommandCall, folder: string): Promise<Source> {
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  if (call.flag('submodules')) throw new Error('--submodules is for git repositories: a folder is sent as it is');
  if (call.flag('git-token-stdin')) throw new Error('--git-token-stdin is for git repositories: this is a folder');

  output.start('Packaging source');
  // Git answers while the folder is read.
  const described = describeSource(folder);
  const source = packSource(folder, {
    manifest: call.text('manifest') ?? 'convox.yml',
    warn: (text) => output.warn(`warning: ${text}`),
  });
  output.ok();

  // An unknown app or a wrong password should not cost an upload.
  const [description] = await Promise.all([described, rack.getApp(app)]);
  const parameters = buildParameters(call, description);
  if (call.flag('supersede') && !(await rack.getSystem()).isOurs)
    throw new Error('--supersede: this rack does not know it');
  return { url: await uploadSource(rack, source, { app, output }), parameters };
}

/**
 * Starts to build a folder or a git repository on the rack: packs and uploads the one, names the other, starts.
 *
 * @param urgency its `lane`, unless a person waits for it
 */
export async function startBuild(call: CommandCall, urgency: WireParameters = {}): Promise<Build> {
  const { output } = call;
  const given = call.words[0] ?? '.';
  const address = findGitAddress(given);
  const source = await (address === undefined ? uploadFolder(call, given) : nameRepository(call, address));

  output.start('Starting build');
  const { url, parameters } = source;
  const build = await createBuildOnce(call.rack(), call.appName(), { url, ...urgency, ...parameters });
  output.ok();
  return build;
}

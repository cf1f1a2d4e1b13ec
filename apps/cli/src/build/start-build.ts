import { APP_OPTION, type CommandCall, ID_OPTION, type OptionDefinition } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';
import type { Build } from '../http/rack-objects.js';
import { packSource } from '../pack/pack-source.js';
import { buildParameters, PARAMETER_OPTIONS } from './build-parameters.js';
import { createBuildOnce } from './create-build-once.js';
import { describeSource } from './describe-source.js';
import { uploadSource } from './upload-source.js';

/** The options of `build` and `deploy`. */
export const BUILD_OPTIONS: readonly OptionDefinition[] = [
  APP_OPTION,
  ...PARAMETER_OPTIONS,
  ID_OPTION,
  { flags: '--external', description: 'build on this machine, and push to the rack' },
  {
    flags: '--engine <name>',
    description: 'what --external builds with: docker, podman or buildctl (default: what is there)',
  },
];

function sourceFolder(call: CommandCall): string {
  const folder = call.words[0] ?? '.';
  if (/^[a-z]+:\/\//.test(folder))
    throw new Error(`cannot build "${folder}": building from a URL is not supported yet`);
  return folder;
}

/**
 * Starts to build a folder on the rack: packs, uploads, starts.
 *
 * @param urgency its `lane`, unless a person waits for it
 */
export async function startBuild(call: CommandCall, urgency: WireParameters = {}): Promise<Build> {
  const { output } = call;
  const folder = sourceFolder(call);
  const [rack, app] = [call.rack(), call.appName()];
  const parameters = buildParameters(call, await describeSource(folder));

  output.start('Packaging source');
  const source = packSource(folder, {
    manifest: parameters.manifest ?? 'convox.yml',
    warn: (text) => output.warn(`warning: ${text}`),
  });
  output.ok();

  // An unknown app or a wrong password should not cost an upload.
  await rack.getApp(app);
  if (call.flag('supersede') && !(await rack.getSystem()).isOurs)
    throw new Error('--supersede: this rack does not know it');
  const url = await uploadSource(rack, source, { app, output });

  output.start('Starting build');
  const build = await createBuildOnce(rack, app, { url, ...urgency, ...parameters });
  output.ok();
  return build;
}

import { basename, dirname } from 'node:path';
import { createBuildOnce } from '../build/create-build-once.js';
import { assertComplete, printBuilt } from '../build/follow-build.js';
import { waitForEnd } from '../build/wait-for-end.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, ID_OPTION } from '../command.js';
import { readManifestText } from '../external/read-manifest-text.js';
import type { WireParameters } from '../http/rack-client.js';
import { RackError } from '../http/rack-error.js';
import type { Build } from '../http/rack-objects.js';
import { readSecret } from '../terminal/read-secret.js';

const PASSWORD_OPTIONS = ['src-creds-pass', 'src-creds-pass-env', 'src-creds-pass-stdin'] as const;

/** The password at the image's registry, from the one place that was named. */
async function readPassword(call: CommandCall): Promise<string | undefined> {
  const given = PASSWORD_OPTIONS.filter((name) => call.text(name) !== undefined || call.flag(name));
  if (given.length > 1) throw new Error(`give only one of ${given.map((name) => `--${name}`).join(' and ')}`);
  const [source] = given;
  if (source === 'src-creds-pass-stdin') return readSecret('Password at the registry of the image');
  if (source === 'src-creds-pass-env') {
    const name = call.text(source) ?? '';
    const password = call.environment.inherited[name] ?? '';
    if (password === '') throw new Error(`--${source}: ${name} is not set in the environment`);
    return password;
  }
  if (source === 'src-creds-pass') {
    const others = '--src-creds-pass-env or --src-creds-pass-stdin';
    call.output.warn(`warning: others on this machine can see an argument: use ${others}`);
    return call.text(source);
  }
  return undefined;
}

async function readLogin(call: CommandCall): Promise<WireParameters> {
  const username = call.text('src-creds-user');
  const password = await readPassword(call);
  if (username === undefined && password !== undefined) throw new Error('a password needs --src-creds-user');
  if (username !== undefined && password === undefined)
    throw new Error('--src-creds-user needs --src-creds-pass-env or --src-creds-pass-stdin');
  if (username === undefined || password === undefined) return {};
  return { 'src-creds-user': username, 'src-creds-pass': password };
}

/** Racks of Convox leave the release to the client; ours has made it, and gives it to whoever asks for one. */
async function createRelease(call: CommandCall, { id }: Build): Promise<Build> {
  const [rack, app] = [call.rack(), call.appName()];
  call.output.start('Creating release');
  const release = await rack.createRelease(app, { build: id });
  const build = await rack.updateBuild(app, id, { release: release.id });
  call.output.ok(release.id);
  return build;
}

/** Unknown routes are 404 without a text. */
function explainOldRack(error: unknown): never {
  if (!(error instanceof RackError) || !error.message.startsWith('response status 404')) throw error;
  throw new Error('this rack imports no images: it is older than 3.24.4', { cause: error });
}

/** A build that nobody is going to make is ended: nobody else would. */
async function relay(call: CommandCall, id: string, parameters: WireParameters): Promise<void> {
  const [rack, app] = [call.rack(), call.appName()];
  try {
    await rack.importImage(app, id, parameters);
  } catch (error) {
    // When the rack has heard the request after all, the build is its own and goes on.
    await rack.updateBuild(app, id, { status: 'failed' }).catch(() => {});
    explainOldRack(error);
  }
}

async function importImage(call: CommandCall): Promise<Build> {
  const [image = ''] = call.words;
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  const path = call.text('manifest') ?? 'convox.yml';
  const manifest = readManifestText({ folder: dirname(path), manifest: basename(path) });
  const login = await readLogin(call);
  output.start('Creating build');
  const { id } = await createBuildOnce(rack, app, { external: 'true', url: '', description: `image ${image}` });
  await rack.updateBuild(app, id, { manifest });
  output.ok(id);
  output.start(`Relaying image ${image}`);
  await relay(call, id, { image, ...login });
  output.ok();
  output.start('Waiting for import to complete');
  const build = assertComplete(await waitForEnd(call, { id }));
  output.ok();
  return createRelease(call, build);
}

/** `convox builds import-image` */
export const buildsImportImage: CommandDefinition = {
  words: '<image>',
  summary: 'create a build and a release from an image of another registry: all services get it',
  options: [
    APP_OPTION,
    ID_OPTION,
    { flags: '-m, --manifest <file>', description: 'manifest that names the services (default convox.yml)' },
    { flags: '--src-creds-user <name>', description: 'user name at the registry of the image' },
    { flags: '--src-creds-pass-env <variable>', description: 'take the password from this environment variable' },
    { flags: '--src-creds-pass-stdin', description: 'ask for the password, or read it from standard input' },
    { flags: '--src-creds-pass <password>', description: 'the password; others can see an argument', isHidden: true },
  ],
  examples: [
    'builds import-image registry.example.org/team/shop:v1.2 -a shop',
    'builds import-image registry.example.org/team/shop:v1.2 --src-creds-user builder --src-creds-pass-env PASSWORD',
    'builds import-image redis:7 -m deploy/convox.yml --id',
  ],
  run: async (call) => printBuilt(call, await importImage(call)),
};

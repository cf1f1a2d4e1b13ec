import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildParameters } from '../build/build-parameters.js';
import { createBuildOnce } from '../build/create-build-once.js';
import { describeSource } from '../build/describe-source.js';
import { findGitAddress } from '../build/git-address.js';
import type { CommandCall } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { formatWireTime } from '../terminal/format-time.js';
import { BuildLogFile } from './build-log-file.js';
import { findEngine } from './find-engine.js';
import { type ExternalRun, pushImages } from './push-images.js';
import { readManifestText } from './read-manifest-text.js';
import { reportEnd } from './report-end.js';

/** Arguments of the form `K=V`, or `K` for the value that this process has. */
function readBuildArgs(call: CommandCall): Readonly<Record<string, string>> {
  const pairs = call.texts('build-args').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, pair.includes('=') ? value.join('=') : (call.environment.inherited[name] ?? '')] as const;
  });
  return Object.fromEntries(pairs);
}

/** Runs the build and reports how it ended, whatever happens: nobody else will. */
async function runAndReport(call: CommandCall, run: ExternalRun): Promise<Build> {
  const [rack, app, id] = [call.rack(), call.appName(), run.build.id];
  const log = await BuildLogFile.create(run.workFolder, call.output);
  const storeLog = async () => {
    const logs = await rack.storeObject(app, `build/${id}/logs`, await log.read());
    return { logs, ended: formatWireTime(new Date()) };
  };
  try {
    await rack.updateBuild(app, id, { manifest: run.text, status: 'running', started: formatWireTime(new Date()) });
    await pushImages(call, run, (bytes) => log.write(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    try {
      await rack.updateBuild(app, id, { ...(await storeLog()), status: 'failed' });
      await reportEnd(call, id, { error: reason });
    } catch (unreported) {
      call.output.warn(`warning: the rack does not know yet that build ${id} failed: ${String(unreported)}`);
    }
    throw new Error(`build failed: ${reason}`, { cause: error });
  }
  await rack.updateBuild(app, id, await storeLog());
  const release = await rack.createRelease(app, { build: id });
  const complete = await rack.updateBuild(app, id, { release: release.id, status: 'complete' });
  await reportEnd(call, id, { release: release.id });
  return complete;
}

/**
 * Builds a folder on this machine, and records the build and a release on the rack.
 *
 * @throws {Error} `build failed: <reason>` when it does not end well
 */
export async function buildExternal(call: CommandCall): Promise<Build> {
  const { output } = call;
  const [rack, app] = [call.rack(), call.appName()];
  const folder = call.words[0] ?? '.';
  const address = findGitAddress(folder);
  if (address !== undefined) throw new Error(`--external builds a folder: clone ${address.shown} and build that`);
  const name = findEngine(call.text('engine'), call.environment.searchPath);
  const source = { folder, manifest: call.text('manifest') ?? 'convox.yml', buildArgs: readBuildArgs(call) };
  const text = readManifestText(source);
  const parameters = buildParameters(call, await describeSource(folder));
  const workFolder = mkdtempSync(join(tmpdir(), 'convox-external-'));
  try {
    output.start('Starting build');
    const build = await createBuildOnce(rack, app, { external: 'true', url: '', ...parameters });
    output.ok();
    return await runAndReport(call, { build, source, text, name, workFolder });
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

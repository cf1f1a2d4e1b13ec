import { promoteRelease } from '../build/promote-release.js';
import { APP_OPTION, type CommandCall, type CommandDefinition, printResult } from '../command.js';
import type { Release } from '../http/rack-objects.js';
import { PROMOTE_OPTION } from '../options/app-environment.js';

/** Two options that name a release in two ways. */
interface Choice {
  readonly byId: string;
  readonly active: string;
}

const BUILD: Choice = { byId: 'build-from', active: 'use-active-release-build' };
const ENVIRONMENT: Choice = { byId: 'env-from', active: 'use-active-release-env' };

function assertOneOf(call: CommandCall, { byId, active }: Choice): void {
  const isGiven = call.text(byId) !== undefined;
  if (isGiven === call.flag(active)) throw new Error(`give either --${byId} <id> or --${active}`);
}

function choose(call: CommandCall, { byId }: Choice, activeId: string): string {
  const id = call.text(byId) ?? activeId;
  if (id === '') throw new Error(`app ${call.appName()} has no active release: name one with --${byId}`);
  return id;
}

async function findParts(call: CommandCall): Promise<{ build: Release; environment: Release }> {
  for (const choice of [BUILD, ENVIRONMENT]) assertOneOf(call, choice);
  const [rack, app] = [call.rack(), call.appName()];
  const { release: activeId } = await rack.getApp(app);
  const ids = [BUILD, ENVIRONMENT].map((choice) => choose(call, choice, activeId));
  const [build, environment] = await Promise.all(ids.map((id) => rack.getRelease(app, id)));
  if (build === undefined || environment === undefined || build.build === '') {
    throw new Error(`no build for release: ${ids[0]}`);
  }
  return { build, environment };
}

/** `convox releases create-from` */
export const releasesCreateFrom: CommandDefinition = {
  summary: 'create a release from the build of one release and the environment of another',
  options: [
    APP_OPTION,
    { flags: '--build-from <id>', description: 'release whose build is taken' },
    { flags: '--use-active-release-build', description: 'take the build of the active release' },
    { flags: '--env-from <id>', description: 'release whose environment is taken' },
    { flags: '--use-active-release-env', description: 'take the environment of the active release' },
    PROMOTE_OPTION,
  ],
  examples: ['releases create-from --build-from RABCDEFGHIJ --use-active-release-env --promote'],
  run: async (call) => {
    const { build, environment } = await findParts(call);
    const { output } = call;
    const [rack, app] = [call.rack(), call.appName()];
    output.line(`Using build from release: ${build.id}`);
    output.line(`Using env from release: ${environment.id}`);
    const release = await rack.createRelease(app, {
      build: build.build,
      env: environment.environmentText,
      description: `build from ${build.id}, env from ${environment.id}`,
    });
    output.line(`Created release: ${release.id}`);
    if (call.flag('promote')) await promoteRelease(rack, { app, id: release.id, isForced: false, output });
    if (call.isJson) printResult(call, { json: release.json, text: '' });
  },
};

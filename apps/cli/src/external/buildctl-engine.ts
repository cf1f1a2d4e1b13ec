import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PlannedBuild, PlannedImage } from '@convox-builds/manifest';
import type { EngineOptions, PushImage } from './engine.js';

function buildArguments({ target, args, platforms, secrets }: PlannedBuild): readonly string[] {
  const attributes = [
    ...(target === undefined ? [] : [`target=${target}`]),
    ...(platforms.length === 0 ? [] : [`platform=${platforms.join(',')}`]),
    ...Object.entries(args).map(([name, value]) => `build-arg:${name}=${value}`),
  ];
  const options = attributes.flatMap((attribute) => ['--opt', attribute]);
  return [...options, ...secrets.flatMap((secret) => ['--secret', `id=${secret},env=${secret}`])];
}

/** BuildKit's own command. It has no login: it reads the settings of Docker. */
export function createBuildctlEngine(options: EngineOptions): PushImage {
  const { run, access, folder, workFolder, environment, isCacheRefused } = options;

  /** An image is copied by building nothing upon it. */
  function writeCopy(image: string): { context: string; file: string } {
    const context = join(workFolder, 'copy');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), `FROM ${image}\n`);
    return { context, file: join(context, 'Dockerfile') };
  }

  function place(plan: PlannedImage): { context: string; file: string } {
    if (plan.kind === 'copy') return writeCopy(plan.image);
    const context = join(folder, plan.path);
    return { context, file: join(context, plan.dockerfile) };
  }

  return async ({ plan, references }) => {
    const { context, file } = place(plan);
    const insecure = access.isPlainHttp ? ',registry.insecure=true' : '';
    const secrets = plan.kind === 'build' ? plan.secrets : [];
    await run({
      args: [
        ...['build', '--progress', 'plain', '--frontend', 'dockerfile.v0'],
        ...['--local', `context=${context}`, '--local', `dockerfile=${dirname(file)}`],
        ...['--opt', `filename=${basename(file)}`],
        ...(plan.kind === 'build' ? buildArguments(plan) : []),
        ...(isCacheRefused ? ['--no-cache'] : []),
        ...['--output', `type=image,"name=${references.join(',')}",push=true${insecure}`],
      ],
      variables: {
        ...Object.fromEntries(secrets.map((secret) => [secret, environment.get(secret) ?? ''])),
        DOCKER_CONFIG: workFolder,
      },
    });
  };
}

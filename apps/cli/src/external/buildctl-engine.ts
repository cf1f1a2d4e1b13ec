import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PlannedBuild, PlannedImage } from '@convox-builds/manifest';
import type { EngineOptions, PushImage } from './engine.js';
import { passSecrets } from './pass-secrets.js';
import { resolveInside } from './resolve-inside.js';

function buildArguments({ target, args, platforms }: PlannedBuild): readonly string[] {
  const attributes = [
    ...(target === undefined ? [] : [`target=${target}`]),
    ...(platforms.length === 0 ? [] : [`platform=${platforms.join(',')}`]),
    ...Object.entries(args).map(([name, value]) => `build-arg:${name}=${value}`),
  ];
  return attributes.flatMap((attribute) => ['--opt', attribute]);
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
    const { path, dockerfile } = plan;
    return { context: resolveInside(folder, path), file: resolveInside(folder, join(path, dockerfile)) };
  }

  return async ({ plan, references }) => {
    const { context, file } = place(plan);
    const insecure = access.isPlainHttp ? ',registry.insecure=true' : '';
    const secrets = passSecrets(plan.kind === 'build' ? plan.secrets : [], environment);
    await run({
      args: [
        ...['build', '--progress', 'plain', '--frontend', 'dockerfile.v0'],
        ...['--local', `context=${context}`, '--local', `dockerfile=${dirname(file)}`],
        ...['--opt', `filename=${basename(file)}`],
        ...(plan.kind === 'build' ? buildArguments(plan) : []),
        ...secrets.args,
        ...(isCacheRefused ? ['--no-cache'] : []),
        ...['--output', `type=image,"name=${references.join(',')}",push=true${insecure}`],
      ],
      variables: { ...secrets.variables, DOCKER_CONFIG: workFolder },
    });
  };
}

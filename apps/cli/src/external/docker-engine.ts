import { join } from 'node:path';
import type { PlannedBuild } from '@convox-builds/manifest';
import type { EngineOptions, PushImage } from './engine.js';
import { passSecrets } from './pass-secrets.js';
import { resolveInside } from './resolve-inside.js';

/** `--option value`, as often as there are values. */
function repeat(option: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [option, value]);
}

/** Docker decides by the host whether to speak TLS; podman has to be told. */
function pushArguments(name: 'docker' | 'podman', { access, workFolder }: EngineOptions): readonly string[] {
  if (name === 'docker') return ['--config', workFolder, 'push'];
  const tls = access.isPlainHttp ? ['--tls-verify=false'] : [];
  return ['push', '--authfile', join(workFolder, 'auth.json'), ...tls];
}

/** Docker and podman, which take the same arguments. */
export function createDockerEngine(name: 'docker' | 'podman', options: EngineOptions): PushImage {
  const { run, folder, environment, inherited, isCacheRefused } = options;

  /**
   * The engines take a value from a variable of the same name, where others cannot see it. The source may not make one: its
   * `PATH` or `DOCKER_HOST` would decide what runs. What is there anyway, as with `--build-args NAME`, goes by its name.
   */
  const formatArgument = ([argument, value]: [string, string]) =>
    inherited[argument] === value ? argument : `${argument}=${value}`;

  async function build(plan: PlannedBuild, references: readonly string[]): Promise<void> {
    const { path, dockerfile, target, args, platforms } = plan;
    const secrets = passSecrets(plan.secrets, environment);
    await run({
      args: [
        ...['build', '--file', resolveInside(folder, join(path, dockerfile)), ...repeat('--tag', references)],
        ...(target === undefined ? [] : ['--target', target]),
        ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
        ...(isCacheRefused ? ['--no-cache'] : []),
        ...repeat('--build-arg', Object.entries(args).map(formatArgument)),
        ...secrets.args,
        resolveInside(folder, path),
      ],
      variables: { ...secrets.variables, BUILDKIT_PROGRESS: 'plain' },
    });
  }

  async function copy(image: string, references: readonly string[]): Promise<void> {
    await run({ args: ['pull', image] });
    for (const reference of references) await run({ args: ['tag', image, reference] });
  }

  return async ({ plan, references }) => {
    if (plan.kind === 'build') await build(plan, references);
    else await copy(plan.image, references);
    for (const reference of references) await run({ args: [...pushArguments(name, options), reference] });
  };
}

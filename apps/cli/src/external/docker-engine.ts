import { join } from 'node:path';
import type { PlannedBuild } from '@convox-builds/manifest';
import type { EngineOptions, PushImage } from './engine.js';

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

/** Docker and podman, which take the same arguments. Values go along as variables: arguments can be seen by others. */
export function createDockerEngine(name: 'docker' | 'podman', options: EngineOptions): PushImage {
  const { run, folder, environment, isCacheRefused } = options;

  async function build(plan: PlannedBuild, references: readonly string[]): Promise<void> {
    const { path, dockerfile, target, args, platforms, secrets } = plan;
    const variables = {
      ...Object.fromEntries(secrets.map((secret) => [secret, environment.get(secret) ?? ''])),
      ...args,
      BUILDKIT_PROGRESS: 'plain',
    };
    const context = join(folder, path);
    await run({
      args: [
        ...['build', '--file', join(context, dockerfile), ...repeat('--tag', references)],
        ...(target === undefined ? [] : ['--target', target]),
        ...(platforms.length === 0 ? [] : ['--platform', platforms.join(',')]),
        ...(isCacheRefused ? ['--no-cache'] : []),
        ...repeat('--build-arg', Object.keys(args)),
        ...repeat(
          '--secret',
          secrets.map((secret) => `id=${secret},env=${secret}`),
        ),
        context,
      ],
      variables,
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

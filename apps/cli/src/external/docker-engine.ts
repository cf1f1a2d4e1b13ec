import { join } from 'node:path';
import type { PlannedBuild } from '@convox-builds/manifest';
import type { Engine, EngineOptions } from './engine.js';

/** `--option value`, as often as there are values. */
function repeat(option: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value) => [option, value]);
}

/** Docker and podman, which take the same arguments. Values go along as variables: arguments can be seen by others. */
export function createDockerEngine(name: 'docker' | 'podman', options: EngineOptions): Engine {
  const { run, access, folder, environment, isCacheRefused } = options;
  // Docker decides by the host; podman has to be told.
  const tls = name === 'podman' && access.isPlainHttp ? ['--tls-verify=false'] : [];

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

  return {
    open: async () => {
      const args = ['login', ...tls, '--username', access.username, '--password-stdin', access.host];
      await run({ args, input: access.password });
    },
    push: async ({ plan, references }) => {
      if (plan.kind === 'build') await build(plan, references);
      else await copy(plan.image, references);
      for (const reference of references) await run({ args: ['push', ...tls, reference] });
    },
    close: () => run({ args: ['logout', access.host] }),
  };
}

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  createTemporaryFolder,
  findFreePort,
  findTool,
  type Service,
  spawnService,
  waitUntil,
} from '@convox-builds/testing';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** The `convox` command. */
export const CONVOX = join(
  dirname(createRequire(import.meta.url).resolve('@convox-builds/cli/package.json')),
  'bin/convox.js',
);
const BASE_IMAGES = fileURLToPath(new URL('../../../../.tools/base-images', import.meta.url));
const START_WITHIN_MS = 120_000;

/** How a command ended. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  /** What it has printed so far. */
  readonly output: () => string;
  readonly ended: Promise<CommandEnd>;
  /** Ends it, as Ctrl-C does. */
  readonly stop: () => void;
}

type Variables = Readonly<Record<string, string>>;

/** A rack of a test's own. */
export interface TestRack {
  /** With the password. */
  readonly url: string;
  readonly registryHost: string;
  readonly folder: string;
  readonly service: Service;
  /** Starts the `convox` command, in a folder. */
  readonly start: (args: readonly string[], source?: string, environment?: Variables) => RunningCommand;
  /** Runs it to its end. */
  readonly convox: (args: readonly string[], source?: string, environment?: Variables) => Promise<CommandEnd>;
  /** Runs it for its answer as data. */
  readonly json: <T>(...args: string[]) => Promise<T>;
  readonly stop: () => Promise<void>;
}

/** How a rack is started. */
export interface TestRackOptions {
  /** Default a free one. */
  readonly port?: number;
  readonly environment?: Variables;
  /** Default 1. */
  readonly workers?: number;
  /** Put before every command, e.g. to enter a network namespace. */
  readonly enter?: readonly string[];
}

/** Runs the rack's program until it ends, or says that it runs. */
export async function spawnRack(folder: string, options: TestRackOptions = {}): Promise<Service> {
  const { port, workers = 1, environment = {}, enter = [] } = options;
  const settings = {
    BUILDKITD: findTool('buildkitd'),
    BASE_IMAGES_FOLDER: BASE_IMAGES,
    LEASE_SECONDS: '6',
    // The other registries of tests are on this machine.
    BUILD_ALLOWED_NETWORKS: '127.0.0.0/8',
    PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
    ...environment,
  };
  const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const args = [MAIN, '--data', folder, '--port', String(port ?? (await findFreePort())), '--workers', String(workers)];
  return spawnService('env', [...assignments, ...enter, process.execPath, '--enable-source-maps', ...args]);
}

function startCommand(
  words: readonly string[],
  { cwd, variables }: { cwd: string; variables: Variables },
): RunningCommand {
  const env = { ...process.env, CONVOX_RACK: '', CONVOX_APP: '', ...variables };
  const [command = '', ...args] = words;
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<CommandEnd>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
  return { output: () => stdout, ended, stop: () => void child.kill('SIGINT') };
}

/** Starts the whole rack, as `npm start` does, and waits until it can be used. */
export async function startTestRack(options: TestRackOptions & { readonly folder?: string } = {}): Promise<TestRack> {
  const temporary = await createTemporaryFolder();
  const { folder = temporary.path, ...rest } = options;
  const { enter = [] } = options;
  const service = await spawnRack(folder, rest);
  const isUp = () => service.output().includes('Ctrl-C stops it') || service.output().includes('ERROR');
  await waitUntil(isUp, { what: 'the rack runs', timeoutMs: START_WITHIN_MS });
  const [, url = ''] = /export RACK_URL=(\S+)/.exec(service.output()) ?? [];
  const [, registryHost = ''] = /its registry at (\S+)\.\n/.exec(service.output()) ?? [];
  if (url === '') throw new Error(service.output());
  const start: TestRack['start'] = (args, cwd = folder, environment = {}) => {
    const variables = { RACK_URL: url, ...environment };
    return startCommand([...enter, process.execPath, CONVOX, ...args], { cwd, variables });
  };
  const convox: TestRack['convox'] = (...given) => start(...given).ended;
  return {
    url,
    registryHost,
    folder,
    service,
    start,
    convox,
    json: async (...args) => JSON.parse((await convox([...args, '--json'])).stdout),
    stop: async () => {
      await service.stop('SIGINT');
      await temporary.remove();
    },
  };
}

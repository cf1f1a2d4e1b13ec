import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findFreePort } from './free-port.js';
import { type Service, spawnService } from './spawn-service.js';
import { createTemporaryFolder } from './temporary-folder.js';
import { findTool } from './tools.js';
import { waitUntil } from './wait-until.js';

const BUCKET = 'objects';
const ACCESS_KEY_ID = 'test-access-key';
/** Never to be seen in an error, a log or a list. */
const SECRET_ACCESS_KEY = 'test-secret-that-nobody-may-see';

/** An S3 server on disk that can be started, killed, and started again. */
export interface PreparedS3 {
  readonly port: number;
  /** The environment variables by which a process of ours finds a bucket of it, that is there and empty. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its objects, as files by their keys. */
  readonly folder: string;
  /** Starts it and waits until it answers. */
  readonly start: () => Promise<Service>;
  readonly remove: () => Promise<void>;
}

/** An S3 server of a test's own. */
export interface TestS3 extends Omit<PreparedS3, 'start' | 'remove'> {
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

/** Makes an S3 server with one bucket on a free port. */
export async function prepareS3(): Promise<PreparedS3> {
  const root = await createTemporaryFolder();
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const folder = join(root.path, 'buckets', BUCKET);
  await mkdir(folder, { recursive: true });
  const isUp = () =>
    fetch(endpoint).then(
      () => true,
      () => false,
    );
  const start = async () => {
    const args = ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', 'posix', join(root.path, 'buckets')];
    const env = { ROOT_ACCESS_KEY_ID: ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY };
    const service = await spawnService(findTool('versitygw'), args, { cwd: root.path, env });
    await waitUntil(isUp, { what: `the S3 server is up: ${service.output()}` });
    return service;
  };
  const environment = {
    OBJECTS_URL: `s3://${BUCKET}`,
    S3_ENDPOINT: endpoint,
    S3_ACCESS_KEY_ID: ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY: SECRET_ACCESS_KEY,
  };
  return { port, environment, folder, start, remove: root.remove };
}

/** Starts the real versitygw, an S3 server, on a free port. */
export async function startS3(): Promise<TestS3> {
  const { start, remove, ...s3 } = await prepareS3();
  const service = await start();
  return {
    ...s3,
    service,
    stop: async () => {
      await service.stop('SIGKILL');
      await remove();
    },
  };
}

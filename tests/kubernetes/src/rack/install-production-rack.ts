import { randomBytes } from 'node:crypto';
import { findNodeAddress } from '../cluster/find-node-address.js';
import { list } from '../cluster/objects.js';
import { kubectl, ROOT } from '../cluster/run.js';
import { installRelease } from './helm-release.js';
import type { OutsideServices } from './outside-services.js';
import type { Rack } from './rack.js';

const RELEASE = { release: 'prod', namespace: 'production' };
const VALUES = `${ROOT}tests/kubernetes/values/production.yaml`;

async function createSecret(name: string, values: Readonly<Record<string, string>>): Promise<void> {
  const literals = Object.entries(values).map(([key, value]) => `--from-literal=${key}=${value}`);
  await kubectl('create', 'secret', 'generic', name, '--namespace', RELEASE.namespace, ...literals);
}

function flagsFor({ address, ports, registry, s3 }: OutsideServices): string[] {
  const reachable = ports.flatMap((port, index) => [
    `networkPolicy.privateTo[${index}].cidr=${address}/32`,
    `networkPolicy.privateTo[${index}].port=${port}`,
  ]);
  const endpoint = ['api', 'worker'].map((part) => `${part}.environment.S3_ENDPOINT=${s3['S3_ENDPOINT']}`);
  const settings = [`registry.host=${registry}`, `objects.url=${s3['OBJECTS_URL']}`, ...endpoint, ...reachable];
  return ['--values', VALUES, ...settings.flatMap((setting) => ['--set', setting])];
}

async function findApiAddress(): Promise<string> {
  const services = await list('services', RELEASE.namespace);
  const api = services.find(({ metadata }) => metadata.name === `${RELEASE.release}-api`);
  return `${await findNodeAddress()}:${api?.spec.ports[0]?.nodePort}`;
}

/** Installs the chart as a platform team does: with services and secrets of its own, reached through a port of the nodes. */
export async function installProductionRack(outside: OutsideServices): Promise<Rack> {
  const password = randomBytes(16).toString('hex');
  await kubectl('create', 'namespace', RELEASE.namespace);
  await createSecret('own', { RACK_PASSWORD: password, ENCRYPTION_KEY: randomBytes(32).toString('base64') });
  await createSecret('database', { DATABASE_URL: outside.databaseUrl });
  await createSecret('redis', { REDIS_URL: outside.redisUrl });
  const { S3_ACCESS_KEY_ID = '', S3_SECRET_ACCESS_KEY = '' } = outside.s3;
  await createSecret('bucket', { S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY });
  await installRelease(RELEASE, flagsFor(outside));
  const url = `http://convox:${password}@${await findApiAddress()}`;
  return { ...RELEASE, url };
}

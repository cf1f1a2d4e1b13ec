import { readSecret } from '../cluster/objects.js';
import { findAddress } from './find-address.js';
import { installRelease } from './helm-release.js';
import type { Rack } from './rack.js';

const RELEASE = { release: 'rack', namespace: 'builds' };

/** Installs the chart as somebody does who tries it out: with no values at all. */
export async function installDefaultRack(): Promise<Rack> {
  await installRelease(RELEASE);
  const { release, namespace } = RELEASE;
  const { RACK_PASSWORD } = await readSecret(namespace, `${release}-rack`);
  const url = `http://convox:${RACK_PASSWORD}@${await findAddress(namespace, `${release}-api`)}`;
  return { ...RELEASE, url };
}

import { readLastAttempt } from '@convox-builds/testing';
import { z } from 'zod';

import { convox } from '../rack/convox.js';
import type { Rack } from '../rack/rack.js';
import { APP, type RunningBuild } from '../rack/start-build.js';

const MANIFESTS = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';

const buildSchema = z.looseObject({
  state: z.string(),
  release: z.string(),
  images: z.record(z.string(), z.looseObject({ digest: z.string() })),
});
const releasesSchema = z.array(z.looseObject({ id: z.string() }));

/** What the registry, whence people pull, has under a name. */
async function findDigest({ url }: Rack, reference: string): Promise<string | null> {
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const headers = { accept: MANIFESTS, authorization };
  const response = await fetch(`${origin}/v2/${APP}/manifests/${reference}`, { method: 'HEAD', headers });
  return response.headers.get('docker-content-digest');
}

async function complainOfRecord(rack: Rack, id: string): Promise<string[]> {
  const build = buildSchema.parse(JSON.parse(await convox(rack, 'builds', 'info', id, '--app', APP, '--json')));
  if (build.state !== 'complete') return [`is recorded as ${build.state}`];
  const releases = releasesSchema.parse(JSON.parse(await convox(rack, 'releases', '--app', APP, '--json')));
  const { web } = build.images;
  return [
    ...(releases.some((release) => release.id === build.release) ? [] : [`has no release ${build.release}`]),
    ...((await findDigest(rack, web?.digest ?? '')) === web?.digest ? [] : ['has no image of its digest']),
    ...((await findDigest(rack, `web.${id}`)) === web?.digest ? [] : ['has no image of its tag']),
  ];
}

function complainOfLog(log: string, lines: number): string[] {
  const { numbers, isWhole } = readLastAttempt(log, lines);
  return isWhole ? [] : [`has a log with these of ${lines} lines: ${numbers.join(' ')}`];
}

/** What was streamed is what is stored; beside it the command says how it went. */
function complainOfStream(streamed: string, stored: string): string[] {
  if (streamed.includes(stored)) return [];
  const lines = new Set(streamed.split('\n'));
  const missing = stored.split('\n').filter((line) => !lines.has(line));
  return [`streamed another log than it stored, without these lines: ${JSON.stringify(missing)}`];
}

/** What is wrong with how a build ended: it is to be complete, with its whole log, a release, and an image. */
async function checkBuild(rack: Rack, { lines, ended }: RunningBuild): Promise<string[]> {
  const { code, stdout, stderr } = await ended;
  const [, id] = /^Build: +(B\w+)$/m.exec(stdout) ?? [];
  if (code !== 0 || id === undefined) return [`a build ended with ${code}: ${(stdout + stderr).slice(-2000)}`];
  const stored = await convox(rack, 'builds', 'logs', id, '--app', APP);
  const complaints = [
    ...(await complainOfRecord(rack, id)),
    ...complainOfLog(stored, lines),
    ...complainOfStream(stdout, stored),
  ];
  return complaints.map((complaint) => `build ${id} ${complaint}`);
}

/** What is wrong with how builds ended. */
export async function checkBuilds(rack: Rack, builds: readonly RunningBuild[]): Promise<string[]> {
  return (await Promise.all(builds.map((build) => checkBuild(rack, build)))).flat();
}

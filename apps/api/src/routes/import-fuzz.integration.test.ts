import { readdir } from 'node:fs/promises';

import { startRegistry, type TestRegistry } from '@convox-builds/testing';
import test from 'ava';
import fc from 'fast-check';

import { DIGESTS, mutatedArchive, wholeArchive } from '../testing/mutate-archive.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';

// FUZZ_RUNS=2000 takes two minutes; the first ones are always the same.
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
const SEED = 20_260_704;
const APP = 'fuzzed';

let api: TestApi;
let registry: TestRegistry;

test.before(async () => {
  registry = await startRegistry();
  api = await startTestApi({ registryHost: registry.host });
  await api.store.apps.create({ name: APP, generation: '2' });
});

test.after.always(async () => {
  await api?.stop();
  await registry?.stop();
});

interface WireBuild {
  readonly id: string;
  readonly images: Readonly<Record<string, { digest: string }>>;
}

const upload = (body: Buffer) => api.call('POST', `/apps/${APP}/builds/import`, { body });

const digestsOf = ({ images }: WireBuild) =>
  Object.fromEntries(Object.entries(images).map(([service, { digest }]) => [service, digest]));

/** What is left of imports: the ids of builds, of stored logs, and of tags. */
async function listLeft(): Promise<{ builds: string[]; logs: string[]; tags: string[] }> {
  const builds = await api.store.builds.list(APP, { limit: RUNS + 1 });
  const logs = await readdir(`${api.objectsFolder}/${APP}/build`);
  const files = await Promise.all(logs.map((id) => readdir(`${api.objectsFolder}/${APP}/build/${id}`)));
  const response = await fetch(`http://${registry.host}/v2/${APP}/tags/list`);
  const { tags } = (await response.json()) as { tags: string[] };
  return {
    builds: builds.map(({ id }) => id).sort(),
    logs: logs.filter((_, index) => files[index]?.length !== 0).sort(),
    tags: tags.sort(),
  };
}

test(`promise 6: ${RUNS} archives with one thing wrong are refused in one line, or come in as they were`, async (t) => {
  t.timeout(15 * 60_000);
  const whole = await upload(wholeArchive());
  t.is(whole.status, 200, whole.text);
  t.deepEqual(digestsOf(JSON.parse(whole.text)), DIGESTS);
  const imported = [JSON.parse(whole.text).id];
  const statuses = new Map<number, number>();
  const property = fc.asyncProperty(mutatedArchive, async ({ archive }) => {
    const { status, text } = await upload(archive);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status === 200) {
      const build: WireBuild = JSON.parse(text);
      imported.push(build.id);
      return JSON.stringify(digestsOf(build)) === JSON.stringify(DIGESTS);
    }
    return [400, 422].includes(status) && /^[^\n]+\n$/.test(text);
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  t.log(Object.fromEntries(statuses));
  t.true((statuses.get(400) ?? 0) > RUNS / 4);
  const { builds, logs, tags } = await listLeft();
  t.deepEqual(
    builds,
    imported.toSorted((a, b) => a.localeCompare(b)),
  );
  t.true(logs.every((id) => imported.includes(id)));
  t.true(tags.every((tag) => imported.includes(tag.split('.')[1] ?? '')));
});

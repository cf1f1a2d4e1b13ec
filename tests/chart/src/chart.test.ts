import { readFile, writeFile } from 'node:fs/promises';

import { createTemporaryFolder } from '@convox-builds/testing';
import test from 'ava';
import { z } from 'zod';

import { FOLDER, lint, type Manifest, parseManifests, render } from './helm.js';
import { conform, VERSIONS } from './kubeconform.js';

const VALUES = ['default', 'production', 'ecr', 'keda', 'monitoring', 'node-port', 'own-secrets'] as const;
const IS_UPDATING = process.argv.includes('--update');

const containerSchema = z.looseObject({
  name: z.string(),
  securityContext: z.looseObject({ readOnlyRootFilesystem: z.boolean() }),
  resources: z.looseObject({ requests: z.looseObject({}), limits: z.looseObject({}) }),
});
const podSpecSchema = z.looseObject({
  automountServiceAccountToken: z.literal(false),
  securityContext: z.looseObject({ runAsNonRoot: z.boolean() }).optional(),
  containers: z.array(containerSchema),
  initContainers: z.array(containerSchema).nullish(),
});

/** The pods that a rendered chart makes, by the name of what makes them. */
function findPods(manifests: readonly Manifest[]): Map<string, z.infer<typeof podSpecSchema>> {
  const pods = manifests.flatMap((manifest): [string, z.infer<typeof podSpecSchema>][] => {
    const template = z.looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: z.unknown() }) }) });
    const made = template.safeParse(manifest).data?.spec.template.spec;
    const spec = manifest.kind === 'Pod' ? manifest['spec'] : made;
    return spec === undefined ? [] : [[manifest.metadata.name, podSpecSchema.parse(spec)]];
  });
  return new Map(pods);
}

test('helm lint finds nothing', async (t) => {
  t.regex(await lint(), /0 chart\(s\) failed/);
});

for (const values of VALUES) {
  test(`the chart with ${values}.yaml renders as before`, async (t) => {
    const file = `${FOLDER}/golden/${values}.yaml`;
    const rendered = await render(values);
    if (IS_UPDATING) await writeFile(file, rendered);
    t.is(rendered, await readFile(file, 'utf8'));
  });

  test(`the pods of ${values}.yaml have no more rights than they need`, async (t) => {
    const pods = findPods(parseManifests(await render(values)));
    t.true(pods.size >= 4, [...pods.keys()].join(', '));
    for (const [name, pod] of pods) {
      for (const { name: container, securityContext } of [...pod.containers, ...(pod.initContainers ?? [])]) {
        t.true(securityContext.readOnlyRootFilesystem, `${name}/${container}`);
      }
      if (name === 'rack-worker') continue;
      t.true(pod.securityContext?.runAsNonRoot, name);
      for (const { securityContext } of pod.containers) {
        t.like(securityContext, { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, name);
      }
    }
  });
}

for (const version of VERSIONS) {
  test(`what the chart renders to is what Kubernetes ${version} knows`, async (t) => {
    await t.notThrowsAsync(
      conform(
        version,
        VALUES.map((values) => `${FOLDER}/golden/${values}.yaml`),
      ),
    );
  });
}

test('an object with a field that Kubernetes does not know is told from one without', async (t) => {
  const folder = await createTemporaryFolder();
  t.teardown(folder.remove);
  const file = `${folder.path}/misspelt.yaml`;
  await writeFile(file, (await render('default')).replace('initContainers:', 'initContainer:'));
  const [newest = ''] = VERSIONS.slice(-1);
  await t.throwsAsync(conform(newest, [file]), { message: /additional properties 'initContainer' not allowed/ });
});

test('what is misspelt, or missing, is refused by name', async (t) => {
  const refusals = [
    [['--set', 'api.replica=2'], /at '\/api': additional properties 'replica' not allowed/],
    [['--set', 'image.tag=sha256:aa'], /at '\/image\/tag': 'sha256:aa' does not match pattern/],
    [['--set', 'worker.mode=root'], /at '\/worker\/mode': value must be one of 'privileged', 'userns'/],
    [['--set', 'database.mode=external'], /database.existingSecret: name the Secret that has DATABASE_URL/],
    [
      ['--set', 'database.mode=external,database.existingSecret=b'],
      /secrets.existingSecret: name the Secret that has RACK_PASSWORD and ENCRYPTION_KEY: an external database outlives/,
    ],
    [['--set', 'worker.keda.enabled=true'], /worker.keda.enabled: KEDA asks the database, and the bundled one answers/],
    [
      ['--set', 'worker.keda.enabled=true,secrets.existingSecret=a,database.mode=external,database.existingSecret=b'],
      /worker.drainGraceSeconds: with KEDA it is at least worker.buildTimeoutSeconds \(3600\)/,
    ],
    [['--set', 'registry.mode=external'], /registry.host: say which registry images are pushed to/],
    [['--set', 'objects.mode=s3'], /objects.url: say in which bucket sources and logs are kept/],
    [['--set', 'ingress.enabled=true'], /ingress.host: say under which name the rack is reached/],
    [['--set', 'api.environment.retention=x'], /invalid propertyName 'retention'/],
  ] as const;
  for (const [flags, reason] of refusals) {
    await t.throwsAsync(render('default', { flags: [...flags] }), { message: reason }, flags.join(' '));
  }
});

test('secrets are made by chance, stay in Secrets, and are in no command line', async (t) => {
  const manifests = parseManifests(await render('default'));
  const named = manifests.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => metadata.name);
  t.deepEqual(named.sort(), ['rack-postgres', 'rack-rack', 'rack-redis', 'rack-registry']);
  const others = JSON.stringify(manifests.filter(({ kind }) => kind !== 'Secret'));
  t.notRegex(others, /CHANCE|"PASSWORD":|password=/);
});

test('names that the release makes too long are cut, and stay names', async (t) => {
  const rendered = await render('default', { name: `a${'b'.repeat(52)}` });
  for (const { metadata } of parseManifests(rendered)) t.true(metadata.name.length <= 63, metadata.name);
});

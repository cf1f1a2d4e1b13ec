// `npm run rack-images -- registry.example.org/rack`: builds the images of the chart with a rack, pushes them, and says by which
// values the chart finds them. REGISTRY_USERNAME and REGISTRY_PASSWORD say who pushes, if not everybody may; --tag is the
// version of the chart by default; --plain-http is for a registry without TLS.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { setUp } from './set-up/main.mjs';
import { giveUp } from './set-up/say.mjs';
import { ROOT } from './set-up/stamp.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { tag: { type: 'string' }, 'plain-http': { type: 'boolean', default: false } },
});
const [repository] = positionals;
if (repository === undefined) giveUp('say where the images go: npm run rack-images -- registry.example.org/rack');
const [, version] = /^appVersion: "?([^"\s]+)/m.exec(readFileSync(join(ROOT, 'deploy/helm/Chart.yaml'), 'utf8'));
const { tag = version } = values;
const { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password = '' } = process.env;
const login = username === undefined ? undefined : { username, password };

await setUp();
// They need what set-up has just installed and compiled.
const { buildRackImages } = await import('./kubernetes/build-rack-images.mjs');
const { pushRackImages } = await import('./kubernetes/push-rack-images.mjs');
const target = { repository, tag, login, isPlainHttp: values['plain-http'] };
const digests = await buildRackImages((build, made) => pushRackImages(build, made, target));
process.stdout.write(`
image:
  repository: ${repository}
  tag: ${JSON.stringify(tag)}
  digests:
${Object.entries(digests)
  .map(([name, digest]) => `    ${name}: ${digest}\n`)
  .join('')}`);

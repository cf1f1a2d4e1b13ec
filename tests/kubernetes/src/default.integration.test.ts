import test from 'ava';

import { convox } from './rack/convox.js';
import { installDefaultRack } from './rack/install-default-rack.js';
import type { Rack } from './rack/rack.js';
import { APP } from './rack/start-build.js';
import { DEFAULT_SCENARIOS } from './scenarios/all-scenarios.js';

let rack: Rack;

test.before('the chart is installed with default values', async () => {
  rack = await installDefaultRack();
  await convox(rack, 'apps', 'create', APP);
});

for (const { title, run } of DEFAULT_SCENARIOS) {
  test(`with default values, ${title}`, async (t) => {
    t.deepEqual(await run(rack), []);
  });
}

import test from 'ava';

import { convox } from './rack/convox.js';
import { installProductionRack } from './rack/install-production-rack.js';
import { type OutsideServices, startOutsideServices } from './rack/outside-services.js';
import type { Rack } from './rack/rack.js';
import { APP } from './rack/start-build.js';
import { PRODUCTION_SCENARIOS } from './scenarios/all-scenarios.js';

let outside: OutsideServices;
let rack: Rack;

test.before('the chart is installed as in production', async () => {
  outside = await startOutsideServices();
  rack = await installProductionRack(outside);
  await convox(rack, 'apps', 'create', APP);
});

test.after.always(() => outside?.stop());

for (const { title, run } of PRODUCTION_SCENARIOS) {
  test(`in production, ${title}`, async (t) => {
    t.deepEqual(await run(rack), []);
  });
}

// `npm run simulate`: a day of builds, and what it costs. Progress goes to standard error.

import { parseArgs } from 'node:util';

import { describeFigures } from './describe-figures.js';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '500' },
    workers: { type: 'string', default: '50' },
    minutes: { type: 'string', default: '1' },
    apis: { type: 'string', default: '2' },
    apps: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const simulation = {
  builds: Number(values.builds),
  workers: Number(values.workers),
  apis: Number(values.apis),
  apps: Number(values.apps),
  seconds: Number(values.minutes) * 60,
  seed: Number(values.seed),
  losesWorkersAt: 0.45,
};
const figures = await simulate(simulation, (text) => process.stderr.write(`${text}\n`));
process.stdout.write(values.json ? `${JSON.stringify({ simulation, figures })}\n` : describeFigures(simulation, figures));

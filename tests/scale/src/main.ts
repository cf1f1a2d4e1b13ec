// `npm run simulate`: hours of builds, and what they cost. Progress goes to standard error.

import { parseArgs } from 'node:util';

import { describeFigures } from './describe-figures.js';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '500' },
    workers: { type: 'string', default: '50' },
    from: { type: 'string', default: '0' },
    hours: { type: 'string', default: '24' },
    speed: { type: 'string', default: '1440' },
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
  fromHour: Number(values.from),
  hours: Number(values.hours),
  speed: Number(values.speed),
  seed: Number(values.seed),
  losesWorkersAt: 0.45,
};
const figures = await simulate(simulation, (text) => process.stderr.write(`${text}\n`));
process.stdout.write(
  values.json ? `${JSON.stringify({ simulation, figures })}\n` : describeFigures(simulation, figures),
);

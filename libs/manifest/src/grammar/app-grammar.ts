import { list, mapOf, named } from './collection-shapes.js';
import { environment } from './environment.js';
import { key, keys } from './keys.js';
import { anyMap, anything, int, string, text } from './scalar-shapes.js';
import { service } from './service-grammar.js';
import { converted, either } from './shape.js';

/** Keys of a resource. */
export const resource = keys(
  {
    type: key(text, 'Kind: `postgres`, `redis`, …'),
    image: key(text, 'Image that it runs from'),
    options: key(mapOf(text), 'Settings of its kind'),
  },
  { noun: 'resource' },
);

/** Keys of a timer. */
export const timer = keys(
  {
    schedule: key(text, 'When, as cron has it: five fields'),
    command: key(text, 'What runs'),
    service: key(text, 'Service whose image it runs from'),
    annotations: key(anything, 'Annotations'),
    concurrency: key(text, 'What happens when the last run has not ended: `allow`, `forbid`, `replace`'),
    parallelCount: key(int, 'How many run at once'),
  },
  { noun: 'timer' },
);

const balancerPort = either<unknown>(
  { ...int, accepts: ['int'] },
  keys({ protocol: key(text, '`tcp` or `tls`'), port: key(int, 'Port of the service') }),
);

/** Keys of a balancer. */
export const balancer = keys(
  {
    service: key(text, 'Service that it leads to'),
    ports: key(mapOf(balancerPort), 'From its ports to those of the service: a number, or `{protocol, port}`'),
    whitelist: key(
      either<readonly string[]>(
        converted(string, (network, node, { report }) => report.remember([network], node)),
        list(string),
      ),
      'Networks that may connect',
    ),
    annotations: key(anything, 'Annotations'),
  },
  { noun: 'balancer' },
);

/** Keys of an entry of `configs`. */
export const config = keys({
  id: key(text, 'By which `configMounts` name it'),
  name: key(text, 'Its own name'),
  value: key(text, 'Its content'),
});

/** The whole of convox.yml. */
export const app = keys({
  services: key(named('service', service), 'What runs, in order: the last one gives a build its entrypoint', {
    fallback: [],
  }),
  environment: key(environment, 'Variables of every service', { fallback: [], what: 'service environment' }),
  resources: key(named('resource', resource), 'Databases and the like', { fallback: [] }),
  timers: key(named('timer', timer), 'What runs at given times', { fallback: [] }),
  balancers: key(named('balancer', balancer), 'Ways in that are no HTTP', { fallback: [] }),
  labels: key(mapOf(text), 'Labels of everything'),
  configs: key(list(config), 'Files that services get', { fallback: [] }),
  params: key(anyMap, 'Parameters of the app'),
  appSettings: key(anyMap, 'Settings of the app'),
  budget: key(anyMap, 'What the app may cost'),
});

/** convox.yml as it is written. */
export type WrittenApp = ReturnType<typeof app.read>;

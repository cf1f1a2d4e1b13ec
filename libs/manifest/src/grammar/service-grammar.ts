import { build } from './build-grammar.js';
import { list, mapOf } from './collection-shapes.js';
import { environment } from './environment.js';
import { key, keys } from './keys.js';
import { commaList, health, port, ports } from './network-grammar.js';
import { imagePullSecrets } from './pull-secrets-grammar.js';
import { anyMap, anything, bool, int, text } from './scalar-shapes.js';
import { scale } from './scale-grammar.js';
import { converted, either } from './shape.js';

const nothing = () => undefined;
const anyList = list(anything);
const mapOrList = either<unknown>(anyMap, anyList);
/** In generation 2 also a mapping of what runs in development, test and production. */
const command = either<unknown>(text, list(text), mapOf(text));

/** Keys that an image is made from. */
export const IMAGE_KEYS = {
  build: key(build, 'How the image is built: the folder of its context, or a mapping; default `.`'),
  image: key(text, 'Image that is copied instead; wins over `build`'),
  environment: key(environment, 'Variables of the service'),
  imagePullSecrets: key(imagePullSecrets, 'Logins of registries that images come from'),
};

const deployment = keys({
  minimum: key(int, 'Percent of processes that stay up while a release goes out, 0 to 100; default 50'),
  maximum: key(int, 'Percent of processes that may be up meanwhile, 100 to 200; default 200'),
});

/** Keys that running a service needs: builds check their types, and leave them alone otherwise. */
export const RUN_KEYS = {
  command: key(command, 'What runs instead of the image’s own command'),
  test: key(command, 'What `convox test` runs'),
  port: key(port, 'Port that the outside reaches: `3000`, `https:3000`, or `{port, scheme}`'),
  ports: key(ports, 'Ports that other services reach: `2000`, `3000/udp`'),
  scale: key(scale, 'Processes: `2`, `1-3`, or a mapping'),
  deployment: key(deployment, 'How a release goes out'),
  health: key(health, 'How a process is asked whether it is well: a path, or a mapping'),
  liveness: key(anyMap, 'When a process is started anew'),
  startupProbe: key(anyMap, 'When a process has started'),
  grpcHealthEnabled: key(bool, 'Health is asked over gRPC', { fallback: false }),
  domain: key(commaList, 'Host names: a list, or with commas between them'),
  certificate: key(anything, 'Certificate of the host names'),
  tls: key(keys({ redirect: key(bool, 'HTTP is sent on to HTTPS', { fallback: true }) }), 'TLS'),
  sticky: key(bool, 'A client stays with one process'),
  whitelist: key(commaList, 'Networks that may connect'),
  internal: key(bool, 'Reached from inside the rack only', { fallback: false }),
  internalRouter: key(bool, 'Reached over the internal router only', { fallback: false }),
  resources: key(list(text), 'Resources that it uses: `name` or `name:VARIABLE`'),
  volumes: key(list(text), 'Volumes'),
  volumeOptions: key(anyList, 'Volumes of other kinds'),
  configMounts: key(
    list(
      keys({
        id: key(text, 'Entry of `configs`'),
        dir: key(text, 'Folder it is put into'),
        filename: key(text, 'Name of the file'),
      }),
    ),
    'Files from `configs`',
  ),
  initContainer: key(anyMap, 'What runs before the service'),
  labels: key(mapOf(text), 'Labels'),
  annotations: key(mapOrList, 'Annotations'),
  ingressAnnotations: key(mapOrList, 'Annotations of the way in'),
  agent: key(
    either<boolean>(
      bool,
      converted(anyMap, () => true),
    ),
    'Runs once on every machine',
    { fallback: false },
  ),
  singleton: key(bool, 'Never runs twice at a time', { fallback: false }),
  privileged: key(bool, 'Runs with all rights'),
  init: key(bool, 'An init process reaps its children', { fallback: true }),
  drain: key(int, 'Seconds that connections have to end', { fallback: 30 }),
  timeout: key(int, 'Seconds that a request may take', { fallback: 60 }),
  termination: key(
    keys({ grace: key(int, 'Seconds between SIGTERM and SIGKILL', { fallback: 30 }) }),
    'How a process is ended',
  ),
  lifecycle: key(anyMap, 'What runs after the start and before the end'),
  securityContext: key(anyMap, 'Rights of its processes'),
  accessControl: key(anyMap, 'Rights in the cloud'),
  dnsConfig: key(anyMap, 'How it looks names up'),
  disableHostUsers: key(bool, 'Has user ids of its own'),
  nodeSelectorLabels: key(anyMap, 'Labels of the machines it runs on'),
  nodeAffinityLabels: key(mapOrList, 'Labels of the machines it prefers'),
};

/** Keys of Convox’s generation 2: accepted and left alone. */
export const GENERATION_2_KEYS = {
  nlb: key(anything, 'Generation 2: network load balancers'),
  links: key(anything, 'Generation 2: services it talks to'),
  policies: key(anything, 'Generation 2: rights in the cloud'),
  tags: key(anything, 'Generation 2: tags in the cloud'),
  internalAndExternal: key(converted(bool, nothing), 'Generation 2: reached from both sides'),
};

/** A service. */
export const service = keys(
  { ...IMAGE_KEYS, ...RUN_KEYS, ...GENERATION_2_KEYS },
  { noun: 'service', meant: { manifest: 'build.manifest' } },
);

/** A service as it is written. */
export type WrittenService = ReturnType<typeof service.read>;

import type { Service } from './app-manifest.js';
import { BUILD_KEYS, parseBuild } from './parse-build.js';
import { parseEnvironmentList } from './parse-environment-list.js';
import type { YamlMap, YamlValue } from './parse-yaml.js';
import { warnOfUnknownKeys } from './unknown-keys.js';
import { asMap, asText } from './value-type.js';

/** Keys of a service: those that a build needs, those that only running it needs, and those of Convox's generation before. */
const SERVICE_KEYS = [
  ...['build', 'image', 'environment', 'imagePullSecrets', 'command', 'test', 'port', 'ports', 'scale', 'deployment'],
  ...['health', 'liveness', 'startupProbe', 'grpcHealthEnabled', 'domain', 'certificate', 'tls', 'sticky', 'whitelist'],
  ...['internal', 'internalRouter', 'resources', 'volumes', 'volumeOptions', 'configMounts', 'initContainer', 'labels'],
  ...[
    'annotations',
    'ingressAnnotations',
    'agent',
    'singleton',
    'privileged',
    'init',
    'drain',
    'timeout',
    'termination',
  ],
  ...['lifecycle', 'securityContext', 'accessControl', 'dnsConfig', 'disableHostUsers', 'nodeSelectorLabels'],
  ...['nodeAffinityLabels', 'nlb', 'links', 'policies', 'tags', 'internalAndExternal'],
] as const;

/** The tag of an image, `<service>.<build id>`, has room for 128 characters. */
const MAX_NAME_LENGTH = 116;

/** A service and what was odd about it. */
export interface ParsedService {
  readonly service: Service;
  readonly warnings: readonly string[];
}

/** Says what is wrong with a service's name; `undefined` for nothing. */
export function validateServiceName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    return `service name ${name} invalid, must contain only lowercase alphanumeric and dashes`;
  }
  return name.length > MAX_NAME_LENGTH
    ? `service name ${name} invalid, must have at most ${MAX_NAME_LENGTH} characters`
    : undefined;
}

function warnOfKeys(map: YamlMap, name: string, fileName: string): string[] {
  const where = ` in service ${name}`;
  const build = map.get('build');
  const warnings = warnOfUnknownKeys(map, { known: SERVICE_KEYS, fileName, where }).map((warning) =>
    warning.includes(`unknown key manifest in`)
      ? warning.replace(/, did you mean.*|$/, ', did you mean build.manifest?')
      : warning,
  );
  if (!(build instanceof Map)) return warnings;
  return [
    ...warnings,
    ...warnOfUnknownKeys(build, { known: BUILD_KEYS, fileName, where: ` in build of service ${name}` }),
  ];
}

/** Reads one service. A service without a body is valid; a value of the wrong type throws a `ManifestError`. */
export function parseService(
  [name, value]: [string, YamlValue],
  { shared, fileName }: { shared: readonly string[]; fileName: string },
): ParsedService {
  const map = asMap(value, `service ${name}`);
  const image = asText(map.get('image'), 'service image');
  const own = parseEnvironmentList(map.get('environment'), fileName);
  return {
    service: {
      name,
      image,
      build: image === undefined ? parseBuild(map.get('build'), name) : undefined,
      environment: [...shared, ...own.variables],
    },
    warnings: [...warnOfKeys(map, name, fileName), ...own.warnings],
  };
}

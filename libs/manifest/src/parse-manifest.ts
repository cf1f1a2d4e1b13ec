import type { AppManifest, Service } from './app-manifest.js';
import { ManifestError } from './manifest-error.js';
import { declaredNames, parseEnvironmentList, requiredNames } from './parse-environment-list.js';
import { parseService, validateServiceName } from './parse-service.js';
import { parseYaml } from './parse-yaml.js';
import { warnOfUnknownKeys } from './unknown-keys.js';
import { asMap } from './value-type.js';

const TOP_LEVEL_KEYS = [
  ...['services', 'environment', 'resources', 'timers', 'balancers', 'labels', 'configs'],
  ...['params', 'appSettings', 'budget'],
] as const;

/** What a manifest is read with. */
export interface ManifestOptions {
  /** The app's environment with the build's arguments over it. */
  readonly variables: ReadonlyMap<string, string>;
  /** Name of the file, for messages. */
  readonly fileName: string;
}

/** A manifest and what was odd about it. */
export interface ParsedManifest {
  readonly manifest: AppManifest;
  /** Lines for the build's log. */
  readonly warnings: readonly string[];
}

/**
 * What a service needs and the app does not have. It stops the build only when the manifest's own text needs it:
 * otherwise it stops the promotion.
 */
function checkRequired(
  services: readonly Service[],
  { variables }: ManifestOptions,
  used: readonly string[],
): string[] {
  for (const { environment } of services) {
    const missing = requiredNames(environment).filter((name) => !variables.has(name));
    if (missing.length === 0) continue;
    const text = `required env: ${missing.join(', ')}`;
    const declared = declaredNames(environment);
    if (missing.some((name) => used.includes(name) && declared.has(name))) throw new ManifestError('environment', text);
    return [`warning: ${text}`];
  }
  return [];
}

function validateNames(names: readonly string[]): void {
  const issues = names.flatMap((name) => validateServiceName(name) ?? []);
  if (names.length === 0) issues.push('no services defined');
  if (issues.length > 0) throw new ManifestError('invalid', ['validation errors:', ...issues].join('\n'));
}

function assertImages(services: readonly Service[]): void {
  const blank = services.find(({ image }) => image === '');
  if (blank !== undefined) throw new ManifestError('invalid', `service ${blank.name} has blank image`);
}

/**
 * Reads convox.yml: interpolation, YAML 1.1, then each section. Keys that only running needs are accepted and left alone;
 * unknown ones give a warning.
 *
 * @throws {ManifestError} with the text that is shown to the person
 */
export function parseManifest(text: string, options: ManifestOptions): ParsedManifest {
  const { fileName } = options;
  const { value, interpolation } = parseYaml(text, options);
  const top = asMap(value, fileName);
  const shared = parseEnvironmentList(top.get('environment'), fileName);
  const entries = [...asMap(top.get('services'), 'services')];
  validateNames(entries.map(([name]) => name));
  const parsed = entries.map((entry) => parseService(entry, { shared: shared.variables, fileName }));
  const services = parsed.map(({ service }) => service);
  const missing = checkRequired(services, options, interpolation.names);
  assertImages(services);
  return {
    manifest: {
      services: Object.fromEntries(services.map((service) => [service.name, service])),
      environment: shared.variables,
    },
    warnings: [
      ...warnOfUnknownKeys(top, { known: TOP_LEVEL_KEYS, fileName, where: '' }),
      ...shared.warnings,
      ...parsed.flatMap(({ warnings }) => warnings),
      ...missing,
    ],
  };
}

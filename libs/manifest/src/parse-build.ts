import { posix } from 'node:path';

import type { BuildArgument, ServiceBuild } from './app-manifest.js';
import { ManifestError } from './manifest-error.js';
import type { YamlValue } from './parse-yaml.js';
import { asMap, asText, asTexts, typeName } from './value-type.js';

/** Keys of `build`. */
export const BUILD_KEYS = ['path', 'manifest', 'args', 'target', 'secrets', 'platforms'] as const;

const DEFAULT_DOCKERFILE = 'Dockerfile';

function argumentFromText(text: string): BuildArgument {
  const equals = text.indexOf('=');
  if (equals === -1) return { name: text.trim(), value: undefined };
  return { name: text.slice(0, equals).trim(), value: text.slice(equals + 1) };
}

function parseArguments(value: YamlValue | undefined): BuildArgument[] {
  if (!(value instanceof Map)) return asTexts(value, 'service build args').map(argumentFromText);
  return [...value].map(([name, inner]) => ({ name, value: asText(inner, 'service build args') }));
}

function cleanPath(path: string, { service, what }: { service: string; what: string }): string {
  const clean = posix.normalize(path).replace(/\/$/, '') || '.';
  if (posix.isAbsolute(path) || clean === '..' || clean.startsWith('../')) {
    throw new ManifestError('invalid', `service ${service}: ${what} ${path} is outside the source`);
  }
  return clean;
}

/**
 * Reads `build`: a path, or a mapping.
 *
 * @throws {ManifestError}
 */
export function parseBuild(value: YamlValue | undefined, service: string): ServiceBuild {
  const isText = typeof value === 'string' || value === null || value === undefined;
  if (!isText && !(value instanceof Map)) {
    throw new ManifestError('type', `unknown type for service build: ${typeName(value)}`);
  }
  const map = isText ? new Map<string, YamlValue>([['path', value ?? null]]) : asMap(value, 'service build');
  const path = cleanPath(asText(map.get('path'), 'service build path') ?? '.', { service, what: 'build path' });
  const manifest = asText(map.get('manifest'), 'service build manifest') ?? DEFAULT_DOCKERFILE;
  // It may lie beside its context's folder, but not beside the source.
  cleanPath(posix.join(path, manifest), { service, what: 'Dockerfile' });
  return {
    path,
    manifest: posix.normalize(manifest),
    args: parseArguments(map.get('args')),
    target: asText(map.get('target'), 'service build target'),
    secrets: asTexts(map.get('secrets'), 'service build secrets'),
    platforms: asTexts(map.get('platforms'), 'service build platforms'),
  };
}

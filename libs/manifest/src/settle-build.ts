import { posix } from 'node:path';

import type { ServiceBuild } from './app-manifest.js';
import type { Issues } from './checks/issues.js';
import type { WrittenBuild } from './grammar/build-grammar.js';
import type { Named } from './grammar/collection-shapes.js';
import type { Report } from './grammar/reading.js';
import type { WrittenService } from './grammar/service-grammar.js';
import { quote } from './quote.js';
import { formatPlace, type Place } from './yaml/create-locator.js';

const DEFAULT_DOCKERFILE = 'Dockerfile';
const PLATFORM = /^[a-z0-9_]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/;

const clean = (path: string) => posix.normalize(path).replace(/(?<=.)\/$/, '');
const isOutside = (path: string) => posix.isAbsolute(path) || clean(path) === '..' || clean(path).startsWith('../');

/** Reads what a service says about its image, with all defaults. Whether its files exist is seen when there is a source. */
export function settleBuild(
  { name, key, value }: Named<WrittenService>,
  { issues, report }: { issues: Issues; report: Report },
): ServiceBuild {
  const build: WrittenBuild = value.build ?? {};
  const place = value.build === undefined ? report.locate(key.offset) : report.placeOf(build);
  const placeOf = (part: keyof WrittenBuild): Place =>
    build[part] === undefined ? place : report.placeOf(build, part);
  const path = build.path === undefined || build.path === '' ? '.' : build.path;
  const manifest = build.manifest === undefined || build.manifest === '' ? DEFAULT_DOCKERFILE : build.manifest;
  // A Dockerfile may lie beside its context's folder, but not beside the source.
  const outside = [
    { part: 'path', written: path, whole: path },
    { part: 'manifest', written: manifest, whole: posix.isAbsolute(manifest) ? manifest : posix.join(path, manifest) },
  ] as const;
  const found = outside.find(({ whole }) => isOutside(whole));
  if (found !== undefined)
    issues.add(placeOf(found.part), `service ${quote(name)}: build path ${quote(found.written)} is outside the source`);
  const platforms = [...new Set(build.platforms ?? [])];
  const odd = platforms.find((platform) => !PLATFORM.test(platform));
  if (odd !== undefined)
    issues.add(placeOf('platforms'), `service ${quote(name)}: platform ${quote(odd)} is not of the form linux/amd64`);
  const secrets = [...new Set(build.secrets ?? [])];
  const exposed = build.args?.find((argument) => secrets.includes(argument.name));
  if (exposed !== undefined)
    issues.add(
      exposed.place,
      `service ${quote(name)}: ${quote(exposed.name)} is one of its secrets, and arguments are in the image's history`,
    );
  return {
    path: clean(path),
    manifest: posix.normalize(manifest),
    args: (build.args ?? []).map((argument) => ({ ...argument, place: formatPlace(argument.place) })),
    target: build.target === '' ? undefined : build.target,
    secrets,
    platforms,
    places: {
      path: formatPlace(placeOf('path')),
      manifest: formatPlace(placeOf('manifest')),
      secrets: formatPlace(placeOf('secrets')),
    },
  };
}

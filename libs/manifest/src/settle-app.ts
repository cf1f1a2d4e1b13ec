import type { AppManifest, RunSettings, Service } from './app-manifest.js';
import { settleSchedule } from './checks/check-app.js';
import { checkPullSecrets } from './checks/check-pull-secrets.js';
import type { Issues } from './checks/issues.js';
import type { WrittenApp } from './grammar/app-grammar.js';
import type { Named } from './grammar/collection-shapes.js';
import type { Report } from './grammar/reading.js';
import type { WrittenService } from './grammar/service-grammar.js';
import { settleBuild } from './settle-build.js';
import { settleRun } from './settle-run.js';

const textsOf = (map: ReadonlyMap<string, string | undefined> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries([...(map ?? [])].map(([name, value]) => [name, value ?? '']));

/** What a manifest is settled from. */
interface Settling {
  readonly app: WrittenApp;
  readonly report: Report;
  readonly issues: Issues;
  readonly runs: ReadonlyMap<string, RunSettings>;
}

function settleService(service: Named<WrittenService>, settling: Settling): Service {
  const { app, report, runs } = settling;
  const { name, value } = service;
  return {
    name,
    image: value.image,
    build: value.image === undefined ? settleBuild(service, settling) : undefined,
    environment: [...app.environment, ...(value.environment ?? [])].map(({ text }) => text),
    imagePullSecrets: checkPullSecrets(service, settling),
    run: runs.get(name) ?? settleRun(value, report),
  };
}

/** Makes the manifest of what was read: defaults, lists combined. What is wrong on the way is an issue. */
export function settleApp(settling: Settling): AppManifest {
  const { app } = settling;
  return {
    services: Object.fromEntries(app.services.map((service) => [service.name, settleService(service, settling)])),
    environment: app.environment.map(({ text }) => text),
    resources: Object.fromEntries(
      app.resources.map(({ name, value: { type = '', image, options } }) => [
        name,
        { type, image, options: textsOf(options) },
      ]),
    ),
    timers: Object.fromEntries(
      app.timers.map(({ name, value: { schedule, command, service = '' } }) => [
        name,
        { schedule: settleSchedule(schedule), command, service },
      ]),
    ),
    balancers: Object.fromEntries(app.balancers.map(({ name, value: { service = '' } }) => [name, { service }])),
    labels: textsOf(app.labels),
  };
}

import type { AppManifest, RunSettings, Service } from './app-manifest.js';
import { checkApp, settleSchedule } from './checks/check-app.js';
import { checkLabels } from './checks/check-labels.js';
import { checkPullSecrets } from './checks/check-pull-secrets.js';
import { checkRequired } from './checks/check-required.js';
import { checkServices } from './checks/check-services.js';
import { createIssues, type Issues } from './checks/issues.js';
import { app as appGrammar, type WrittenApp } from './grammar/app-grammar.js';
import type { Named } from './grammar/collection-shapes.js';
import { createReport, type Report } from './grammar/reading.js';
import type { WrittenService } from './grammar/service-grammar.js';
import { errorFromRemarks, formatRemarks } from './manifest-error.js';
import { settleBuild } from './settle-build.js';
import { settleRun } from './settle-run.js';
import { parseYaml } from './yaml/parse-yaml.js';
import type { YamlNode } from './yaml/yaml-node.js';

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

const NOTHING: YamlNode = { kind: 'scalar', text: '', value: null, offset: 0, size: 1, depth: 1 };

const textsOf = (map: ReadonlyMap<string, string | undefined> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries([...(map ?? [])].map(([name, value]) => [name, value ?? '']));

interface Settling {
  readonly app: WrittenApp;
  readonly report: Report;
  readonly runs: ReadonlyMap<string, RunSettings>;
}

function settleService(
  service: Named<WrittenService>,
  run: RunSettings,
  settling: Settling & { issues: Issues },
): Service {
  const { app, issues, report } = settling;
  const { name, value } = service;
  return {
    name,
    image: value.image,
    build: value.image === undefined ? settleBuild(service, { issues, report }) : undefined,
    environment: [...app.environment, ...(value.environment ?? [])].map(({ text }) => text),
    imagePullSecrets: checkPullSecrets(service, { issues, report }),
    run,
  };
}

function settleApp(settling: Settling): AppManifest {
  const { app, report, runs } = settling;
  const issues = createIssues();
  const services: Service[] = [];
  checkApp(app, { issues, report }, () => {
    checkServices(app, { issues, report }, (service) => {
      const run = runs.get(service.name) ?? settleRun(service.value, report);
      services.push(settleService(service, run, { ...settling, issues }));
    });
  });
  if (issues.all.length > 0) throw errorFromRemarks(issues.all);
  return {
    services: Object.fromEntries(services.map((service) => [service.name, service])),
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

/**
 * Reads convox.yml: interpolation, YAML 1.1, the grammar, then what the parts have to do with each other. Keys that only
 * running needs are checked and left alone; unknown ones give a warning.
 *
 * @throws {ManifestError} with the text that is shown to the person
 */
export function parseManifest(text: string, options: ManifestOptions): ParsedManifest {
  const { fileName, variables } = options;
  const { root = NOTHING, usedNames, locate, warnings } = parseYaml(text, options);
  const report = createReport(locate);
  const app = appGrammar.read(root, { what: root.kind === 'map' ? '' : fileName, subject: '', report });
  // What is wrong with limits, variables and labels is told alone, and first.
  const runs = new Map(app.services.map(({ name, value }) => [name, settleRun(value, report)]));
  const missing = checkRequired(app, { variables, usedNames });
  checkLabels(app, report);
  const manifest = settleApp({ app, report, runs });
  const remarks = [...warnings, ...report.warnings, ...(missing === undefined ? [] : [missing])];
  remarks.sort(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column);
  return { manifest, warnings: formatRemarks(remarks).map((line) => `warning: ${line}`) };
}

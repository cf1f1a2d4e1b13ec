import type { WrittenApp } from '../grammar/app-grammar.js';
import type { Named } from '../grammar/collection-shapes.js';
import type { Report } from '../grammar/reading.js';
import type { WrittenService } from '../grammar/service-grammar.js';
import { quote } from '../quote.js';
import { checkNames } from './check-names.js';
import type { Issues } from './issues.js';

interface Checking {
  readonly issues: Issues;
  readonly report: Report;
}

type NamedService = Named<WrittenService>;

const BOUNDS = { minimum: [0, 100], maximum: [100, 200] } as const;

function checkDeployment({ name, value: { deployment } }: NamedService, { issues, report }: Checking): void {
  for (const what of ['minimum', 'maximum'] as const) {
    const percent = deployment?.[what];
    if (deployment === undefined || percent === undefined) continue;
    const [least, most] = BOUNDS[what];
    const place = report.placeOf(deployment, what);
    const subject = `service ${quote(name)} deployment ${what} can not be`;
    if (percent < least) issues.add(place, `${subject} less than ${least}`);
    if (percent > most) issues.add(place, `${subject} greater than ${most}`);
  }
}

function checkResources({ name, value }: NamedService, known: ReadonlySet<string>, { issues, report }: Checking): void {
  const { resources = [] } = value;
  for (const [index, written] of resources.entries()) {
    const resource = written.split(':')[0] ?? '';
    if (!known.has(resource))
      issues.add(
        report.placeOf(resources, index),
        `service ${quote(name)} references a resource that does not exist: ${quote(resource)}`,
      );
  }
}

function checkConfigs({ value }: NamedService, known: ReadonlySet<string>, { issues, report }: Checking): void {
  for (const mount of value.configMounts ?? []) {
    const { id = '', dir = '', filename = '' } = mount;
    const blank = Object.entries({ id, dir, filename }).find(([, text]) => text === '');
    if (blank !== undefined) issues.add(report.placeOf(mount), `configMounts[*].${blank[0]} is required`);
    if (!known.has(id)) issues.add(report.placeOf(mount, 'id'), `config id: '${quote(id)}' not found`);
  }
}

/** Checks the services, their images aside. */
export function checkServices(app: WrittenApp, checking: Checking): void {
  const { issues, report } = checking;
  const { services } = app;
  if (services.length === 0) issues.add(report.placeOf(app, 'services'), 'no services defined');
  checkNames('service', services, checking);
  const resources = new Set(app.resources.map(({ name }) => name));
  const configs = new Set(app.configs.map(({ id = '' }) => id));
  for (const service of services) {
    const { name, value } = service;
    if (value.image === '') issues.add(report.placeOf(value, 'image'), `service ${quote(name)} has blank image`);
    checkDeployment(service, checking);
    if (value.internal && value.internalRouter)
      issues.add(
        report.placeOf(value, 'internalRouter'),
        `service ${quote(name)} can not have both internal and internalRouter set as true`,
      );
    checkResources(service, resources, checking);
    checkConfigs(service, configs, checking);
  }
}

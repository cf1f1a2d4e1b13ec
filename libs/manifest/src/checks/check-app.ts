import { isIP } from 'node:net';

import type { WrittenApp } from '../grammar/app-grammar.js';
import type { Report } from '../grammar/reading.js';
import { quote } from '../quote.js';
import { checkNames } from './check-names.js';
import type { Issues } from './issues.js';

interface Checking {
  readonly issues: Issues;
  readonly report: Report;
}

/** A network in the form of Go's `net.ParseCIDR`: an address and the length of its prefix. */
function isNetwork(text: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = address.includes('%') ? 0 : isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function checkBalancers({ balancers, services }: WrittenApp, { issues, report }: Checking): void {
  const names = new Set(services.map(({ name }) => name));
  for (const { name, key, value } of balancers) {
    const own = quote(name);
    const place = report.locate(key.offset);
    const { service = '', ports, whitelist = [] } = value;
    if (ports === undefined || ports.size === 0) issues.add(place, `balancer ${own} has no ports`);
    if (service === '') issues.add(place, `balancer ${own} has blank service`);
    else if (!names.has(service))
      issues.add(report.placeOf(value, 'service'), `balancer ${own} refers to unknown service ${quote(service)}`);
    for (const [index, network] of whitelist.entries()) {
      if (!isNetwork(network))
        issues.add(
          report.placeOf(whitelist, index),
          `balancer ${own} whitelist ${quote(network)} is not a valid cidr range`,
        );
    }
  }
}

function checkResources({ resources }: WrittenApp, checking: Checking): void {
  checkNames('resource', resources, checking);
  const { issues, report } = checking;
  for (const { name, key, value } of resources) {
    if ((value.type ?? '').trim() === '')
      issues.add(report.locate(key.offset), `resource "${quote(name)}" has blank type`);
  }
}

/** Five fields; a field `?` is how generation 2 writes `*`. */
export function settleSchedule(written = ''): string {
  const fields = written.trim().split(/\s+/).slice(0, 5);
  return fields.map((field) => (field === '?' ? '*' : field)).join(' ');
}

function checkTimers({ timers, services }: WrittenApp, checking: Checking): void {
  checkNames('timer', timers, checking);
  const { issues, report } = checking;
  const names = new Set(services.map(({ name }) => name));
  for (const { name, value } of timers) {
    const { service = '', schedule } = value;
    if (!names.has(service))
      issues.add(
        report.placeOf(value, 'service'),
        `timer ${quote(name)} references a service that does not exist: ${quote(service)}`,
      );
    if (settleSchedule(schedule).includes('?'))
      issues.add(report.placeOf(value, 'schedule'), `timer ${quote(name)} invalid, schedule cannot contain ?`);
  }
}

function checkConfigs({ configs }: WrittenApp, { issues, report }: Checking): void {
  const blank = configs.find(({ id = '' }) => id === '');
  if (blank !== undefined) issues.add(report.placeOf(blank), 'configs[*].id is required');
}

/** Checks what is beside the services. */
export function checkApp(app: WrittenApp, checking: Checking): void {
  checkConfigs(app, checking);
  checkBalancers(app, checking);
  checkResources(app, checking);
  checkTimers(app, checking);
}

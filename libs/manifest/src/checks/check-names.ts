import type { Named } from '../grammar/collection-shapes.js';
import type { Report } from '../grammar/reading.js';
import { quote } from '../quote.js';
import type { Issues } from './issues.js';

const NAME = /^[a-z][a-z0-9-]*$/;
/** The tag of an image, `<service>.<build id>`, has room for 128 characters. */
const MAX_SERVICE_NAME_LENGTH = 116;

/** Checks the names of things of one kind. */
export function checkNames(
  noun: 'service' | 'resource' | 'timer',
  named: readonly Pick<Named<unknown>, 'name' | 'key'>[],
  { issues, report }: { issues: Issues; report: Report },
): void {
  for (const { name, key } of named) {
    const place = report.locate(key.offset);
    if (!NAME.test(name))
      issues.add(place, `${noun} name ${quote(name)} invalid, must contain only lowercase alphanumeric and dashes`);
    else if (noun === 'service' && name.length > MAX_SERVICE_NAME_LENGTH)
      issues.add(place, `${noun} name ${quote(name)} invalid, must have at most ${MAX_SERVICE_NAME_LENGTH} characters`);
  }
}

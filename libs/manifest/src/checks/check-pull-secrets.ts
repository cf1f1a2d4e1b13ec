import type { ImagePullSecret } from '../app-manifest.js';
import type { Named } from '../grammar/collection-shapes.js';
import type { Report } from '../grammar/reading.js';
import type { WrittenService } from '../grammar/service-grammar.js';
import { quote } from '../quote.js';
import type { Issues } from './issues.js';

type WrittenSecret = NonNullable<WrittenService['imagePullSecrets']>[number];

/** A host, as it stands in the name of an image: no scheme, no path, no capitals. */
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/;

function fault({ registry = '', username = '', password, passwordEnv }: WrittenSecret): string | undefined {
  if (registry === '') return 'registry is required';
  if (!HOST.test(registry))
    return `registry "${quote(registry)}" must be a host in lower case, without scheme and path`;
  if (username === '') return 'username is required';
  if ((password === undefined) === (passwordEnv === undefined)) {
    return 'exactly one of password and passwordEnv is required';
  }
  return undefined;
}

/** Reads a service's logins of registries. A faulty one is left out. */
export function checkPullSecrets(
  { name, value }: Named<WrittenService>,
  { issues, report }: { issues: Issues; report: Report },
): ImagePullSecret[] {
  const secrets = value.imagePullSecrets ?? [];
  const seen = new Map<string, number>();
  return secrets.flatMap((secret, index) => {
    const { registry = '', username = '', password: written, passwordEnv = '' } = secret;
    const first = seen.get(registry);
    const repeated = `duplicate registry "${quote(registry)}" (also declared at index ${first}); each registry may be declared at most once per service`;
    const wrong = fault(secret) ?? (first === undefined ? undefined : repeated);
    if (wrong !== undefined) {
      issues.add(report.placeOf(secret), `service ${quote(name)} imagePullSecrets[${index}]: ${wrong}`);
      return [];
    }
    seen.set(registry, index);
    const password = written === undefined ? { variable: passwordEnv } : { value: written };
    return [{ registry, username, password }];
  });
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import test from 'ava';

import { checkConfinement, explainConfinement } from './check-confinement.js';

const run = promisify(execFile);
const ROOT = { uid: 0, maxUserNamespaces: 10_000, appArmor: '', isUserNamespaceRestricted: false };
const MODULE = fileURLToPath(new URL('check-confinement.js', import.meta.url));

test('checkConfinement(): namespaces can be made here', async (t) => {
  t.deepEqual(await checkConfinement(process.env['PATH'] ?? '').run(), { status: 'ok', message: 'can be made' });
});

test('checkConfinement(): a worker that is nobody is told so on one line, with what to do', async (t) => {
  const script = `
    const { checkConfinement } = await import(${JSON.stringify(MODULE)});
    console.log(JSON.stringify(await checkConfinement(process.env.PATH).run()));`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  const { stdout } = await run('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--', ...node]);
  const { status, message } = JSON.parse(stdout) as { status: string; message: string };
  t.is(status, 'failed');
  t.regex(
    message,
    /^none can be made \(unshare: unshare failed: Operation not permitted\): the worker runs as user 65534: run it/,
  );
});

test('explainConfinement(): names what keeps namespaces from being made', (t) => {
  const explain = (facts: Partial<typeof ROOT>) => explainConfinement({ ...ROOT, ...facts });
  t.regex(explain({ maxUserNamespaces: 0 }), /set user\.max_user_namespaces/);
  t.regex(explain({ uid: 1000, isUserNamespaceRestricted: true }), /apparmor_restrict_unprivileged_userns to 0/);
  t.regex(explain({ appArmor: 'docker-default (enforce)' }), /AppArmor profile docker-default forbids/);
  t.regex(explain({ appArmor: 'unconfined' }), /container is not privileged/);
});

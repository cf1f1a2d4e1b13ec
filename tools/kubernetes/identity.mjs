import { writeFileSync } from 'node:fs';

import { run } from '../set-up/run.mjs';
import { API_SERVICE, NODE_ADDRESS } from './networks.mjs';
import { CERTIFICATE, KEY, KUBECONFIG } from './places.mjs';

const NAMES = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
const ADDRESSES = ['127.0.0.1', API_SERVICE, NODE_ADDRESS];

/** One certificate that signed itself is who everybody in this cluster is: who has it may do everything. */
export function createIdentity() {
  const names = [...NAMES.map((name) => `DNS:${name}`), ...ADDRESSES.map((address) => `IP:${address}`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/O=system:masters/CN=tests', '-addext', `subjectAltName=${names.join()}`];
  run('openssl', ['req', '-x509', ...key, ...subject, '-days', '3650', '-keyout', KEY, '-out', CERTIFICATE]);
  const named = {
    clusters: [
      { name: 'tests', cluster: { server: `https://${NODE_ADDRESS}:6443`, 'certificate-authority': CERTIFICATE } },
    ],
    users: [{ name: 'tests', user: { 'client-certificate': CERTIFICATE, 'client-key': KEY } }],
    contexts: [{ name: 'tests', context: { cluster: 'tests', user: 'tests' } }],
  };
  const config = { apiVersion: 'v1', kind: 'Config', ...named, 'current-context': 'tests' };
  writeFileSync(KUBECONFIG, JSON.stringify(config), { mode: 0o600 });
}

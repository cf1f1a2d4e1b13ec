import test from 'ava';

import { attestationsOf } from './attestations-of.js';

const rack = { attestations: { provenance: 'off', sbomGenerator: 'scanner' } } as const;

test('attestationsOf() attaches nothing unless somebody wants it', (t) => {
  t.deepEqual(attestationsOf({ parameters: {} }, rack), {});
  t.deepEqual(attestationsOf({ parameters: { Provenance: '', Sbom: 'false' } }, rack), {});
});

test('attestationsOf() lets the app say otherwise than the rack', (t) => {
  t.deepEqual(attestationsOf({ parameters: { Provenance: 'max', Sbom: 'true' } }, rack), {
    provenance: 'max',
    sbomGenerator: 'scanner',
  });
  const min = { attestations: { ...rack.attestations, provenance: 'min' } } as const;
  t.deepEqual(attestationsOf({ parameters: {} }, min), { provenance: 'min' });
  t.deepEqual(attestationsOf({ parameters: { Provenance: 'off' } }, min), {});
});
